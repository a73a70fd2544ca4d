"""Twelve Data: one credit for each symbol. https://twelvedata.com/docs"""

from typing import Any

from content.recommendations.market import reading
from content.recommendations.market.base import History, Quote
from content.recommendations.market.service import Service

MOST_DAYS = 5000  # of one answer


class TwelveData(Service):
    name = "twelvedata"
    label = "Twelve Data"
    adjusted = "splits and dividends"
    key_header = "authorization: apikey {}"
    words = (
        ("rate_limit", "day", ("credits for the day", "wait for the next day", "daily limit")),
        ("rate_limit", "minute", ("current minute", "wait for the next minute")),
        ("auth", "", ("apikey** parameter is incorrect", "api key is incorrect")),
        ("entitlement", "", ("available exclusively", "upgrading your plan", "available starting with")),
        ("not_found", "", ("symbol** not found", "symbol not found", "no data is available")),
    )

    def quote(self, ticker: str) -> Quote:
        return self.ask("quote", "/quote", {"symbol": ticker}, lambda content: self._quote(ticker, content))

    def history(self, ticker: str, days: int) -> History:
        size = min(days * 5 // 7 + 10, MOST_DAYS)
        params = {"symbol": ticker, "interval": "1day", "outputsize": str(size), "adjust": "all"}
        return self.ask("history", "/time_series", params, lambda content: self._history(ticker, content, days))

    def complaint(self, content: Any) -> tuple[int, str] | None:
        if not isinstance(content, dict) or content.get("status") != "error":
            return None
        code = content.get("code")
        return (code if isinstance(code, int) else 0), str(content.get("message") or "no reason given")

    def _quote(self, ticker: str, content: Any) -> Quote:
        reading.check_currency(content.get("currency"))
        return Quote(
            ticker, reading.price(content["close"]), reading.day(content["datetime"]), reading.CURRENCY, self.name
        )

    def _history(self, ticker: str, content: Any, days: int) -> History:
        reading.check_currency(content["meta"].get("currency"))
        closes = ((reading.day(row["datetime"]), reading.price(row["close"])) for row in content["values"])
        return reading.history(ticker, self.name, closes, days)
