"""From sectors to measured instruments: asks for prices, and keeps as JSON what their histories say."""

import datetime
from dataclasses import asdict
from typing import Any

from content.recommendations import market
from content.recommendations.market.base import SAMPLE, History, PriceSet
from content.recommendations.market.instruments import BY_TICKER, INSTRUMENTS, SECTOR_FUND, SERVICES, Instrument
from content.recommendations.method.candidates import Candidate, Universe, universe
from queues.errors import Snooze

MOST_INSTRUMENTS = 12  # each is a request to a service that may allow 25 a day
LONGEST_WAIT = 90  # seconds that a client waits for a service's next minute before the sample is used instead


def measured(sectors: list[str], *, waited: float) -> dict[str, Any]:
    """The instruments of these sectors with what their prices say, and where the prices come from.

    `waited`: seconds since the client asked. Raises Snooze while a service can be asked again within the longest wait.
    """
    found = market.prices([one.ticker for one in instruments(sectors) if set(one.sources) & set(SERVICES)])
    if found.is_sample:
        if found.better_in is not None and waited + found.better_in <= LONGEST_WAIT:
            raise Snooze(found.better_in, "The market-data service allows the next request then.")
        errors = found.errors
        found = market.prices([one.ticker for one in instruments(sectors, source=SAMPLE)], only=SAMPLE)
    else:
        errors = ()
    return _as_json(found, sectors, [str(error) for error in errors])


def instruments(sectors: list[str], *, source: str = "") -> list[Instrument]:
    """Those of the sectors that `source` knows; sectors take turns, each one's fund first and then its stocks."""
    known = [one for one in INSTRUMENTS if one.sector in sectors and (not source or source in one.sources)]
    known.sort(key=lambda one: one.asset_class != SECTOR_FUND)
    turns: dict[str, int] = {}
    ranked = []
    for place, one in enumerate(known):
        turns[one.sector] = turns.get(one.sector, 0) + 1
        ranked.append((turns[one.sector], place, one))
    return [one for _, _, one in sorted(ranked, key=lambda line: line[:2])[:MOST_INSTRUMENTS]]


def _as_json(found: PriceSet[History], sectors: list[str], problems: list[str]) -> dict[str, Any]:
    closes = {
        ticker: [(day, float(close)) for day, close in history.closes] for ticker, history in found.by_ticker.items()
    }
    about = {ticker: (one.name, one.sector, one.asset_class) for ticker, one in BY_TICKER.items()}
    made = universe(closes, about)
    have = {candidate.sector for candidate in made.candidates}
    return {
        "source": found.source,
        "label": found.label,
        "adjusted": found.adjusted,
        "is_sample": found.is_sample,
        "as_of": found.as_of.isoformat() if found.as_of else None,
        "candidates": [asdict(candidate) for candidate in made.candidates],
        "correlation": made.correlation,
        "excluded": [list(line) for line in made.excluded],
        "without": [sector for sector in sectors if sector not in have],
        "problems": problems,
    }


def universe_of(stored: dict[str, Any]) -> Universe:
    """What `measured` has stored."""
    return Universe(
        tuple(Candidate(**line) for line in stored["candidates"]),
        stored["correlation"],
        tuple((ticker, why) for ticker, why in stored["excluded"]),
    )


def as_of(stored: dict[str, Any]) -> datetime.date | None:
    return datetime.date.fromisoformat(stored["as_of"]) if stored["as_of"] else None
