"""The words of all market-data sources: what they give, and the one error they raise."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Generic, Protocol, TypeVar

# kind -> does asking the same again make no sense?
KINDS = {
    "rate_limit": False,
    "server": False,
    "timeout": False,
    "connection": False,
    "malformed": False,
    "auth": True,
    "entitlement": True,
    "not_found": True,
    "bad_request": True,
}
SCOPES = ("minute", "day")


@dataclass(frozen=True)
class Quote:
    """The latest price; `as_of` is the day it was paid."""

    ticker: str
    price: Decimal
    as_of: date
    currency: str
    source: str


@dataclass(frozen=True)
class History:
    """Adjusted closes, oldest first: one for each week, of its last trading day. `as_of` is the last one's day.

    The week that `as_of` is in may not be over. Every source gives weeks, so that all are computed with in one way.
    """

    ticker: str
    closes: tuple[tuple[date, Decimal], ...]
    source: str
    as_of: date


Item = TypeVar("Item", Quote, History)


class MarketSource(Protocol):
    """Where prices come from: one module here, one line in `registry.py`.

    `name` is what results store, `label` what people read, `adjusted` for what its closes are adjusted.
    """

    name: str
    label: str
    adjusted: str

    def quote(self, ticker: str) -> Quote:
        """The latest price; raises MarketError and nothing else."""
        ...

    def history(self, ticker: str, days: int) -> History:
        """The last `days` days; raises MarketError and nothing else."""
        ...

    def prepare(self, requests: int, *, at_once: bool) -> None:
        """Raise MarketError when so many requests are sure to be refused today, or, if `at_once`, this minute."""
        ...


@dataclass(frozen=True)
class PriceSet(Generic[Item]):
    """What one source gave for all tickers it could serve, and why the sources before it could not.

    `by_ticker` is in the order asked for; `missing` is what the sample does not have (always empty for a service).
    `better_in`: seconds after which asking again may find a source before this one; None: not before tomorrow.
    """

    source: str
    label: str
    adjusted: str
    by_ticker: Mapping[str, Item]
    missing: tuple[str, ...] = ()
    errors: tuple["MarketError", ...] = field(default=())

    @property
    def as_of(self) -> date | None:
        """The day that all prices are at least as new as; None when there are none."""
        return min((item.as_of for item in self.by_ticker.values()), default=None)

    @property
    def is_sample(self) -> bool:
        """Whether these are the built-in prices of the past."""
        return self.source == SAMPLE

    @property
    def better_in(self) -> float | None:
        """See above."""
        waits = [error.retry_after for error in self.errors if error.retry_after and error.scope != "day"]
        return min(waits, default=None)


SAMPLE = "sample"


class MarketError(Exception):
    """Holds words and numbers only, never a key, a request or a response, so it may be logged and stored.

    `retry_after` is in seconds; `scope` ("minute" or "day") says which budget a "rate_limit" is about; `permanent`: the
    same request would fail again (None: as the kind says). `counts` is False when nothing was asked.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        source: str = "",
        retry_after: float | None = None,
        permanent: bool | None = None,
        scope: str = "",
        counts: bool = True,
    ) -> None:
        if kind not in KINDS or scope not in ("", *SCOPES):
            raise ValueError(f"unknown kind or scope of market error: {kind} {scope}")
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.source = source
        self.retry_after = retry_after
        self.permanent = KINDS[kind] if permanent is None else permanent
        self.scope = scope
        self.counts = counts

    def __str__(self) -> str:
        return f"{self.source or 'market data'}: {self.message} ({self.kind})"


def weekly(closes: Iterable[tuple[date, Decimal]]) -> tuple[tuple[date, Decimal], ...]:
    """The last close of each week (Monday to Sunday), oldest first."""
    weeks = {day.isocalendar()[:2]: (day, close) for day, close in sorted(closes)}
    return tuple(weeks.values())
