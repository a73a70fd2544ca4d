"""Asks source after source. All prices of one answer come from one source: they are never mixed.

A source that cannot serve all tickers serves none, and the next one is asked for all; the sample, the last one, gives
those that it has. What was fetched is kept, so another try soon needs less.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic

from content.recommendations.market import keeping
from content.recommendations.market.base import SAMPLE, History, Item, MarketError, MarketSource, PriceSet, Quote
from content.recommendations.market.registry import sources

DAYS = 5 * 365
SECONDS = 60.0  # that one source may take for all tickers


@dataclass(frozen=True)
class _Wish(Generic[Item]):
    """What is asked for: its key in the cache, how to ask a source for it, how to keep it."""

    key: Callable[[MarketSource, str], str]
    ask: Callable[[MarketSource, str], Item]
    keep: Callable[[str, Callable[[], Item]], Item]


def prices(tickers: Iterable[str], *, days: int = DAYS, only: str = "") -> PriceSet[History]:
    """Histories of the last `days` days. `only` names the one source to ask, "sample" say.

    A source that fails raises nothing, because the sample is always there; but it may have none of the tickers, and
    then `by_ticker` is empty. With `only` naming a service its MarketError is raised. Call it outside of transactions:
    it gives the database connection back while it waits for the network.
    """
    wish = _Wish(
        key=lambda source, ticker: keeping.history_key(source.name, ticker, days),
        ask=lambda source, ticker: source.history(ticker, days),
        keep=keeping.history,
    )
    return _first(wish, tickers, only)


def quotes(tickers: Iterable[str], *, only: str = "") -> PriceSet[Quote]:
    """Latest prices; else like `prices`."""
    wish = _Wish(
        key=lambda source, ticker: keeping.quote_key(source.name, ticker),
        ask=lambda source, ticker: source.quote(ticker),
        keep=keeping.quote,
    )
    return _first(wish, tickers, only)


def _first(wish: _Wish, tickers: Iterable[str], only: str) -> PriceSet:
    asked, errors = [source for source in sources() if only in ("", source.name)], []
    wanted = list(dict.fromkeys(tickers))
    for source in asked:
        try:
            if source.name == SAMPLE:
                found = _of_sample(wish, source, wanted)
            else:
                # One that is asked again in a minute needs no help from another's day.
                found = _all_of(wish, source, wanted, at_once=any(error.scope == "minute" for error in errors))
        except MarketError as error:
            errors.append(error)
            continue
        missing = tuple(ticker for ticker in wanted if ticker not in found)
        return PriceSet(source.name, source.label, source.adjusted, found, missing, tuple(errors))
    if errors:  # only a service was asked
        raise errors[0]
    raise ValueError(f"no source is called {only!r}, or it has no key")


def _all_of(wish: _Wish, source: MarketSource, tickers: list[str], *, at_once: bool) -> dict[str, Item]:
    """All tickers, or MarketError."""
    until = time.monotonic() + SECONDS
    keys = {ticker: wish.key(source, ticker) for ticker in tickers}
    if needed := sum(not keeping.kept(key) for key in keys.values()):
        source.prepare(needed, at_once=at_once)
    found = {}
    for ticker, key in keys.items():
        if time.monotonic() > until:
            raise MarketError("timeout", f"{len(found)} of {len(keys)} came in {SECONDS:.0f} s", source=source.name)
        found[ticker] = wish.keep(key, lambda ticker=ticker: wish.ask(source, ticker))
    return found


def _of_sample(wish: _Wish, source: MarketSource, tickers: list[str]) -> dict[str, Item]:
    found = {}
    for ticker in tickers:
        try:
            found[ticker] = wish.ask(source, ticker)
        except MarketError:  # it does not have this one
            continue
    return found
