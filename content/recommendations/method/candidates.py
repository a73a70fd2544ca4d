"""Instruments with what their prices say: what a proposal is made of."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from content.recommendations.method.correlation import Matrix, correlations
from content.recommendations.method.errors import Unusable
from content.recommendations.method.history import Closes, log_returns, measure, usable
from content.recommendations.method.projection import expected_return


@dataclass(frozen=True)
class Candidate:
    """Numbers are shares of 1, a year; `largest_fall` is over the `years` that were looked at."""

    ticker: str
    name: str
    sector: str
    kind: str
    volatility: float
    largest_fall: float
    expected_return: float
    years: float


@dataclass(frozen=True)
class Universe:
    """What may be proposed, how it moves together, and what was left out: (ticker, sentence)."""

    candidates: tuple[Candidate, ...]
    correlation: Matrix
    excluded: tuple[tuple[str, str], ...]

    def only(self, tickers: Iterable[str]) -> "Universe":
        """The part with these tickers, in its own order."""
        wanted = set(tickers)
        kept = [i for i, candidate in enumerate(self.candidates) if candidate.ticker in wanted]
        return Universe(
            tuple(self.candidates[i] for i in kept),
            [[self.correlation[i][j] for j in kept] for i in kept],
            self.excluded,
        )


def universe(
    closes: Mapping[str, Iterable[tuple[datetime.date, float]]], about: Mapping[str, tuple[str, str, str]]
) -> Universe:
    """Measures every history; `about` has name, sector and kind by ticker. What cannot be measured is left out."""
    candidates, kept, excluded = [], [], []
    for ticker, history in closes.items():
        try:
            found = usable(history)
            candidates.append(_candidate(ticker, *about[ticker], found))
        except Unusable as error:
            excluded.append((ticker, str(error)))
        else:
            kept.append(log_returns(found))
    return Universe(tuple(candidates), correlations(kept), tuple(excluded))


def _candidate(ticker: str, name: str, sector: str, kind: str, closes: Closes) -> Candidate:
    found = measure(closes)
    return Candidate(
        ticker=ticker,
        name=name,
        sector=sector,
        kind=kind,
        volatility=found.volatility,
        largest_fall=found.largest_fall,
        expected_return=expected_return(found.growth, found.volatility, found.years),
        years=found.years,
    )


def calmest(candidates: Sequence[Candidate], most: int) -> list[str]:
    """Tickers, at most `most`: from each sector in turn the one with the lowest volatility that is left."""
    by_sector: dict[str, list[Candidate]] = {}
    for candidate in sorted(candidates, key=lambda candidate: (candidate.volatility, candidate.ticker)):
        by_sector.setdefault(candidate.sector, []).append(candidate)
    turns = [
        (turn, place, candidate.ticker)
        for place, row in enumerate(by_sector.values())
        for turn, candidate in enumerate(row)
    ]
    return [ticker for _, _, ticker in sorted(turns)[:most]]
