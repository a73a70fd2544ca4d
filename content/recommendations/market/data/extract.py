"""Makes stocks.csv from bokeh_sampledata's daily prices: `python extract.py .../bokeh_sampledata/_data/stocks.csv.gz`.

README.md beside it says where they come from. The last trading day of each week is kept, and the adjusted close.
"""

import csv
import gzip
import hashlib
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

TICKERS = ("AAPL", "FB", "GOOG", "IBM", "MSFT")
SHA256 = "5abadf99b2d394f920120a27de6f0df129859d71d4cfb0bf661bcc99446ab1fd"  # of the file in version 2026.1


def weeks(rows) -> dict[date, dict[str, Decimal]]:
    """Adjusted closes by day and ticker, of the last trading day of each week."""
    days: dict[date, dict[str, Decimal]] = {}
    for row in rows:
        close = Decimal(row["Adj Close"]).quantize(Decimal("0.0001"))
        days.setdefault(date.fromisoformat(row["Date"]), {})[row["Ticker"]] = close
    last = {day.isocalendar()[:2]: day for day in sorted(days)}
    return {day: days[day] for day in last.values()}


def main(source: Path, target: Path) -> None:
    packed = source.read_bytes()
    if hashlib.sha256(packed).hexdigest() != SHA256:
        raise SystemExit(f"{source} is not the file of bokeh_sampledata 2026.1")
    found = weeks(csv.DictReader(gzip.decompress(packed).decode().splitlines()))
    with target.open("w", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["date", *TICKERS])
        for day, closes in found.items():
            table.writerow([day, *(closes.get(ticker, "") for ticker in TICKERS)])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(__file__).with_name("stocks.csv"))
