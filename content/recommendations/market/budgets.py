"""How many requests may leave for one service with one key: per minute and per day, counted over all workers.

The day stands in the database, in one row that is raised by one conditional UPDATE before a request leaves: neither an
emptied Redis nor a killed worker gives a request back. It is the UTC day of the database's clock. The minute stands in
Redis: while that is away, the service itself says when it is enough.
"""

import hashlib

from django.conf import settings
from django.db.models import F

from aiproviders import windows
from aiproviders.budgets import Today, seconds_until_tomorrow, today
from aiproviders.secret import Secret
from content.recommendations.market.base import MarketError
from content.recommendations.models import MarketBudget


def fingerprint(key: Secret) -> str:
    """Tells keys apart without knowing them. The same on every machine and for ever: a new one begins a new budget."""
    return hashlib.blake2b(key.reveal().encode(), person=b"market data", digest_size=16).hexdigest()


def take(source: str, fingerprint: str) -> None:
    """Count one request. Raises MarketError("rate_limit") when it must not leave; then the day has lost nothing."""
    per_minute, per_day = settings.MARKET_LIMITS[source]
    if per_minute and (wait := windows.take(f"market:{source}:{fingerprint}", per_minute)):
        raise _used_up(source, f"its {per_minute} requests a minute", "minute", wait)
    if per_day and not _taken(source, fingerprint, per_day):
        raise _used_up(source, f"its {per_day} requests a day", "day", seconds_until_tomorrow())


def require(source: str, fingerprint: str, requests: int, *, at_once: bool = False) -> None:
    """Raise MarketError("rate_limit") when the day has no room for `requests` more. Takes nothing.

    Three of ten histories are of no use, so the last three requests of a day are better spent on somebody else's.
    `at_once`: nor is a part of them that a minute has room for.
    """
    per_minute, per_day = settings.MARKET_LIMITS[source]
    if at_once and 0 < per_minute < requests:
        raise _used_up(source, f"{requests} are needed at once: its {per_minute} requests a minute", "minute", 60.0)
    if not per_day:
        return
    used = _today(source, fingerprint).values_list("used", flat=True).first() or 0
    if per_day - used < requests:
        words = f"its {per_day} requests a day ({max(0, per_day - used)} left of the {requests} needed)"
        raise _used_up(source, words, "day", seconds_until_tomorrow())


def use_up(source: str, fingerprint: str) -> None:
    """The service says that the day's requests are gone: somebody else uses the key, or counts otherwise."""
    if per_day := settings.MARKET_LIMITS[source][1]:
        _today(source, fingerprint).filter(used__lt=per_day).update(used=per_day)


def _taken(source: str, fingerprint: str, per_day: int) -> bool:
    room = _today(source, fingerprint).filter(used__lt=per_day)
    if room.update(used=F("used") + 1):
        return True
    row = MarketBudget(source=source, fingerprint=fingerprint, day=today())
    MarketBudget.objects.bulk_create([row], ignore_conflicts=True)
    return bool(room.update(used=F("used") + 1))


def _today(source: str, fingerprint: str):
    return MarketBudget.objects.filter(source=source, fingerprint=fingerprint, day=Today())


def _used_up(source: str, what: str, scope: str, wait: float) -> MarketError:
    words = f"{what} are used up"
    return MarketError("rate_limit", words, source=source, retry_after=wait, scope=scope, counts=False)
