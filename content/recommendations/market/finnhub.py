"""Finnhub: quotes for every key; candles only for keys that pay. https://finnhub.io/docs/api"""

from typing import Any

from django.utils import timezone

from content.recommendations.market import reading
from content.recommendations.market.base import History, MarketError, Quote
from content.recommendations.market.service import Service

DAY = 86400


class Finnhub(Service):
    name = "finnhub"
    label = "Finnhub"
    adjusted = "splits"
    key_header = "x-finnhub-token: {}"
    words = (
        ("rate_limit", "minute", ("api limit reached",)),
        ("entitlement", "", ("don't have access", "do not have access")),
        ("auth", "", ("invalid api key", "please use an api key")),
    )

    def quote(self, ticker: str) -> Quote:
        return self.ask("quote", "/quote", {"symbol": ticker}, lambda content: self._quote(ticker, content))

    def history(self, ticker: str, days: int) -> History:
        now = int(timezone.now().timestamp())
        params = {"symbol": ticker, "resolution": "D", "from": str(now - days * DAY), "to": str(now)}
        return self.ask("history", "/stock/candle", params, lambda content: self._history(ticker, content, days))

    def complaint(self, content: Any) -> tuple[int, str] | None:
        return (0, str(content["error"])) if isinstance(content, dict) and content.get("error") else None

    def _quote(self, ticker: str, content: Any) -> Quote:
        if content["c"] == 0 or content["t"] == 0:  # what it says of symbols that it does not know
            raise MarketError("not_found", f"there is no quote of {ticker}")
        return Quote(ticker, reading.price(content["c"]), reading.day(content["t"]), reading.CURRENCY, self.name)

    def _history(self, ticker: str, content: Any, days: int) -> History:
        if content["s"] == "no_data":
            raise MarketError("not_found", f"there are no closes of {ticker}")
        closes = zip(map(reading.day, content["t"]), map(reading.price, content["c"]), strict=True)
        return reading.history(ticker, self.name, closes, days)
