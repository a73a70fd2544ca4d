"""Asks source after source. All prices of one answer come from one source: they are never mixed.

A source that cannot serve all tickers serves none, and the next one is asked for all; the sample, the last one, gives
those that it has. What was fetched is kept, so another try soon needs less.
"""

from collections.abc import Iterable
from functools import partial

from content.recommendations.market.base import SAMPLE, History, MarketError, MarketSource, PriceSet, Quote
from content.recommendations.market.registry import sources

DAYS = 5 * 365


def prices(tickers: Iterable[str], *, days: int = DAYS, only: str = "") -> PriceSet[History]:
    """Histories of the last `days` days. `only` names the one source to ask, "sample" say.

    Never raises for a source that fails: the sample is always there. It may have none of the tickers: then `by_ticker`
    is empty. Call it outside of transactions: it gives the database connection back while it waits for the network.
    """
    return _first(tickers, only, lambda source, ticker: source.history(ticker, days))


def quotes(tickers: Iterable[str], *, only: str = "") -> PriceSet[Quote]:
    """Latest prices; else like `prices`."""
    return _first(tickers, only, lambda source, ticker: source.quote(ticker))


def _first(tickers, only, ask) -> PriceSet:
    wanted, errors = list(dict.fromkeys(tickers)), []
    for source in sources():
        if only and source.name != only:
            continue
        try:
            found = _all_of(source, wanted, partial(ask, source))
        except MarketError as error:
            errors.append(error)
            continue
        missing = tuple(ticker for ticker in wanted if ticker not in found)
        return PriceSet(source.name, source.label, source.adjusted, found, missing, tuple(errors))
    raise ValueError(f"no source is called {only!r}")


def _all_of(source: MarketSource, tickers: list[str], ask) -> dict:
    found = {}
    for ticker in tickers:
        try:
            found[ticker] = ask(ticker)
        except MarketError:
            if source.name != SAMPLE:
                raise
    return found
