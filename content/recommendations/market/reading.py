"""Turns what services send into numbers and days; raises ValueError, TypeError or ArithmeticError for what is none."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from content.recommendations.market.base import History, MarketError, weekly

CURRENCY = "USD"  # of every instrument


def price(value: Any) -> Decimal:
    """A price; services send numbers and strings."""
    if isinstance(value, (bool, float)) or not isinstance(value, (str, int, Decimal)):
        raise TypeError("not a price")
    found = Decimal(value)
    if not found.is_finite() or not 0 < found < 10**9:
        raise ValueError("not a price")
    return found


def day(value: Any) -> date:
    """A day, from seconds since 1970 or from text that begins with one."""
    if isinstance(value, str):
        return date.fromisoformat(value[:10])
    return datetime.fromtimestamp(int(value), UTC).date()


def check_currency(value: Any) -> None:
    """Raise MarketError when the prices are in another currency: then it is another exchange's share."""
    if value not in (None, "", CURRENCY):
        raise MarketError("not_found", f"the prices are in {str(value)[:3]}, not in {CURRENCY}")


def history(ticker: str, source: str, closes: Iterable[tuple[date, Decimal]], days: int) -> History:
    """Weeks of the last `days` days, without today: its price is no close yet. Raises MarketError when none is left."""
    today = timezone.now().astimezone(UTC).date()
    known = [(at, close) for at, close in closes if today - timedelta(days=days) <= at < today]
    if not known:
        raise MarketError("not_found", f"there are no closes of {ticker}")
    weeks = weekly(known)
    return History(ticker, weeks, source, weeks[-1][0])
