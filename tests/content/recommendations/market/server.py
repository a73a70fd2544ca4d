"""The three services on loopback: their documented shapes, healthy and broken, by path."""

import json
import threading
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from tests.content.recommendations.market.faults import FAULTS, OWN

FIRST = 100  # the oldest close of each day; each following day's is one higher


def days(count: int) -> list[date]:
    """The last `count` weekdays, today included when it is one, oldest first."""
    today = datetime.now(UTC).date()
    found = (today - timedelta(days=back) for back in range(2 * count + 7))
    return sorted(day for day in found if day.weekday() < 5)[-count:]


def _seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def finnhub_quote(symbol: str) -> dict:
    return {"c": 261.74, "d": 1.2, "dp": 0.46, "h": 263.31, "l": 260.68, "o": 261.07, "pc": 259.45, "t": 1782396000}


def finnhub_history(symbol: str) -> dict:
    at = days(400)
    closes = [FIRST + number for number in range(400)]
    return {"c": closes, "h": closes, "l": closes, "o": closes, "s": "ok", "t": list(map(_seconds, at)), "v": closes}


def twelvedata_quote(symbol: str) -> dict:
    return {
        "symbol": symbol, "name": "Name", "exchange": "NASDAQ", "mic_code": "XNAS", "currency": "USD",
        "datetime": "2026-06-25", "timestamp": 1782396000, "open": "261.07", "close": "261.74000",
        "is_market_open": False, "previous_close": "259.45", "fifty_two_week": {"low": "200.1", "high": "300.2"},
    }  # fmt: skip


def twelvedata_history(symbol: str) -> dict:
    meta = {"symbol": symbol, "interval": "1day", "currency": "USD", "exchange": "NASDAQ", "type": "Common Stock"}
    rows = [{"datetime": str(day), "close": f"{FIRST + number}.00000"} for number, day in enumerate(days(400))]
    return {"meta": meta, "values": rows[::-1], "status": "ok"}


def alphavantage_quote(symbol: str) -> dict:
    return {
        "Global Quote": {
            "01. symbol": symbol, "02. open": "261.0700", "05. price": "261.7400", "06. volume": "123",
            "07. latest trading day": "2026-06-25", "08. previous close": "259.4500", "10. change percent": "0.46%",
        }
    }  # fmt: skip


def alphavantage_history(symbol: str) -> dict:
    at = dict(zip(days(400), range(FIRST, FIRST + 400), strict=True))
    before_today = [day for day in at if day < datetime.now(UTC).date()]
    weeks = {day.isocalendar()[:2]: day for day in before_today}
    rows = {str(day): {"4. close": "1.0", "5. adjusted close": f"{at[day]}.0000"} for day in reversed(weeks.values())}
    return {"Meta Data": {"2. Symbol": symbol}, "Weekly Adjusted Time Series": rows}


PATHS = {
    "/finnhub/quote": finnhub_quote,
    "/finnhub/stock/candle": finnhub_history,
    "/twelvedata/quote": twelvedata_quote,
    "/twelvedata/time_series": twelvedata_history,
    "GLOBAL_QUOTE": alphavantage_quote,
    "TIME_SERIES_WEEKLY_ADJUSTED": alphavantage_history,
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def do_GET(self):
        url = urlsplit(self.path)
        query = dict(parse_qsl(url.query))
        service, symbol = url.path.split("/")[1], query.get("symbol", "")
        asked = {"service": service, "symbol": symbol, "path": self.path, "headers": dict(self.headers)}
        with self.server.lock:
            self.server.asked.append(asked)
        if len(self.server.asked) > self.server.hold_after:
            self.server.gate.wait(120)
        self.key = query.get("apikey") or self.headers.get("x-finnhub-token") or ""
        fault = self.server.faults.get((service, symbol)) or self.server.faults.get(service)
        healthy = PATHS[query.get("function", url.path)](symbol)
        try:
            self.misbehave(service, fault, healthy)
        except OSError:
            self.close_connection = True  # the client has given up

    def misbehave(self, service: str, fault: str | None, healthy: dict):
        if fault is None:
            self.reply(200, healthy)
        elif fault in OWN[service]:
            status, content = OWN[service][fault]
            self.reply(status, json.loads(json.dumps(content).replace("THE-KEY", self.key)))
        else:
            FAULTS[fault](self, healthy)

    def reply(self, status: int, content, **headers: str):
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)


class Services(ThreadingHTTPServer):
    """`faults`: by service, or by (service, symbol), the name of what is wrong with its answers; `asked`: requests.

    Those after the first `hold_after` are answered when `gate` is set.
    """

    daemon_threads, block_on_close = True, False
    request_queue_size = 128

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked, self.faults, self.lock, self.stopping = [], {}, threading.Lock(), threading.Event()
        self.hold_after, self.gate = 10**6, threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{service}"

    def order(self) -> list[str]:
        """The services asked, in turn, each once in a row."""
        names = [asked["service"] for asked in self.asked]
        return [name for name, before in zip(names, [None, *names], strict=False) if name != before]

    def forget(self):
        self.hold_after = 10**6
        self.gate.clear()
        self.asked.clear()
        self.faults.clear()

    def handle_error(self, *_):
        pass

    def stop(self):
        self.stopping.set()
        self.shutdown()
        self.server_close()
