"""Alpha Vantage: every error has status 200. https://www.alphavantage.co/documentation/

Adjusted closes by day are for keys that pay, those by week are for all. The key can only go into the address.
"""

import time
from typing import Any

from django.conf import settings

from aiproviders import windows
from content.recommendations.market import reading
from content.recommendations.market.base import History, MarketError, Quote
from content.recommendations.market.service import Service

COMPLAINTS = ("Error Message", "Information", "Note")
PACE = 1.2  # seconds between two requests of a free key; it refuses more than one a second, and counts them


class AlphaVantage(Service):
    name = "alphavantage"
    label = "Alpha Vantage"
    adjusted = "splits and dividends"
    words = (
        # The words for one burst name the daily limit as well, those for a used-up day sell premium plans.
        ("rate_limit", "minute", ("per second", "spreading out", "burst pattern", "per minute")),
        ("rate_limit", "day", ("per day", "daily rate limit")),
        ("auth", "", ("apikey is invalid", "api key is invalid", "demo** api key")),
        ("entitlement", "", ("premium endpoint", "premium membership", "premium feature")),
    )

    def quote(self, ticker: str) -> Quote:
        return self._query("quote", "GLOBAL_QUOTE", ticker, lambda content: self._quote(ticker, content))

    def history(self, ticker: str, days: int) -> History:
        function = "TIME_SERIES_WEEKLY_ADJUSTED"
        return self._query("history", function, ticker, lambda content: self._history(ticker, content, days))

    def complaint(self, content: Any) -> tuple[int, str] | None:
        if not isinstance(content, dict):
            return None
        said = next((content[name] for name in COMPLAINTS if content.get(name)), None)
        return None if said is None else (0, str(said))

    def take(self) -> None:
        if settings.MARKET_LIMITS[self.name][1]:  # keys that pay have no limit a day, nor this one
            while wait := windows.take(f"market:{self.name}:{self.fingerprint}:pace", 1, seconds=PACE):
                time.sleep(wait)
        super().take()

    def _query(self, what: str, function: str, ticker: str, read) -> Any:
        params = {"function": function, "symbol": ticker, "apikey": self.endpoint.key.reveal()}
        return self.ask(what, "/query", params, read)

    def _quote(self, ticker: str, content: Any) -> Quote:
        found = content["Global Quote"]
        if not found:
            raise MarketError("not_found", f"there is no quote of {ticker}")
        last, paid = reading.day(found["07. latest trading day"]), reading.price(found["05. price"])
        return Quote(ticker, paid, last, reading.CURRENCY, self.name)

    def _history(self, ticker: str, content: Any, days: int) -> History:
        weeks = content["Weekly Adjusted Time Series"].items()
        closes = ((reading.day(at), reading.price(week["5. adjusted close"])) for at, week in weeks)
        return reading.history(ticker, self.name, closes, days)
