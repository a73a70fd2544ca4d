"""The built-in prices of five stocks up to 1 March 2013: public domain (data/README.md), and always called a sample."""

import csv
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from content.recommendations.market.base import SAMPLE, History, MarketError, Quote

FILE = Path(__file__).parent / "data" / "stocks.csv"


class Sample:
    """Closes are adjusted for all that came later, too: they show how prices moved, not what was paid."""

    name = SAMPLE
    label = "Built-in sample: prices of five stocks up to 1 March 2013"
    adjusted = "splits and dividends"

    def quote(self, ticker: str) -> Quote:
        day, close = _closes_of(ticker)[-1]
        return Quote(ticker, close, day, "USD", self.name)

    def history(self, ticker: str, days: int) -> History:
        closes = _closes_of(ticker)
        first = closes[-1][0] - timedelta(days=days)
        return History(ticker, tuple(pair for pair in closes if pair[0] >= first), self.name, closes[-1][0])

    def prepare(self, requests: int, *, at_once: bool) -> None:
        """Nothing is asked over a network, so nothing can be refused."""


def _closes_of(ticker: str) -> list[tuple[date, Decimal]]:
    if ticker not in _table():
        raise MarketError("not_found", f"the sample has no prices of {ticker}", source=SAMPLE)
    return _table()[ticker]


@cache
def _table() -> dict[str, list[tuple[date, Decimal]]]:
    found: dict[str, list[tuple[date, Decimal]]] = {}
    with FILE.open(newline="") as lines:
        for row in csv.DictReader(lines):
            day = date.fromisoformat(row.pop("date"))
            for ticker, close in row.items():
                if close:
                    found.setdefault(ticker, []).append((day, Decimal(close)))
    return found
