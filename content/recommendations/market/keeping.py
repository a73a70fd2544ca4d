"""Quotes and histories in the cache: quotes for five minutes, histories until there is another close.

Keys have a digest instead of tickers: any text may be one, and the statistics of the cache then count them together.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from content import cache
from content.recommendations.market.base import History, Quote

PATIENCE = 15.0  # seconds for somebody else's request to end


def quote_key(source: str, ticker: str) -> str:
    return f"market:{source}:quote:{_digest(ticker)}"


def history_key(source: str, ticker: str, days: int) -> str:
    return f"market:{source}:history:{_digest(ticker, days, last_trading_day())}"


def kept(key: str) -> bool:
    """Whether there is one; else a request will be needed."""
    return cache.peek(key) is not None


def quote(key: str, load: Callable[[], Quote]) -> Quote:
    """The quote under `key`, else the one that `load` gets."""
    parts = cache.get_or_set(key, lambda: _packed(load()), kind="quote", patience=PATIENCE).value
    ticker, price, as_of, currency, source = parts
    return Quote(ticker, Decimal(price), date.fromisoformat(as_of), currency, source)


def history(key: str, load: Callable[[], History]) -> History:
    """The history under `key`, else the one that `load` gets."""
    ticker, closes, source, as_of = cache.get_or_set(
        key, lambda: _packed(load()), kind="history", patience=PATIENCE
    ).value
    weeks = tuple((date.fromisoformat(day), Decimal(close)) for day, close in closes)
    return History(ticker, weeks, source, date.fromisoformat(as_of))


def last_trading_day() -> date:
    """The last weekday before today (UTC): a public holiday costs one request more."""
    day = timezone.now().astimezone(UTC).date() - timedelta(days=1)
    return day - timedelta(days=max(0, day.weekday() - 4))


def _packed(item: Quote | History) -> list[Any]:
    if isinstance(item, Quote):
        return [item.ticker, str(item.price), item.as_of.isoformat(), item.currency, item.source]
    closes = [[day.isoformat(), str(close)] for day, close in item.closes]
    return [item.ticker, closes, item.source, item.as_of.isoformat()]


def _digest(*parts: object) -> str:
    return hashlib.blake2b("|".join(map(str, parts)).encode(), digest_size=12).hexdigest()
