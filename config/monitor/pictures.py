"""Hours as bars of pictures that the server draws: no script, no style that CSP would refuse."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from config.durations import duration
from config.monitor.hours import HOURS, Hour

WIDTH, HEIGHT = 28, 96  # of one hour and of the tallest bar, in the picture's own units
THIN, LOW = 3, 20  # the same in the small picture in a queue's row


@dataclass(frozen=True)
class Bar:
    """One hour; `low` and `high` are heights, `high` stands on `low`."""

    hour: datetime.datetime
    x: int
    low: int
    high: int
    words: str


@dataclass(frozen=True)
class Picture:
    """`look`: how the upper part of a bar is drawn; `says`: all of it in a sentence. No bars: there is nothing."""

    title: str
    look: str
    says: str
    top: str = ""
    bars: tuple[Bar, ...] = ()
    width: int = HOURS * WIDTH
    height: int = HEIGHT


def of_queue(hours: list[Hour]) -> list[Picture]:
    runs = [(hour.run_p50, hour.run_p95) for hour in hours]
    waits = [(hour.wait_p50, hour.wait_p95) for hour in hours]
    return [_jobs(hours), _cost(hours), _times("Run time", hours, runs), _times("Wait before the start", hours, waits)]


def of_all(hours: list[Hour]) -> list[Picture]:
    """Of all queues together, whose times have no common median."""
    return [_jobs(hours), _cost(hours)]


def small(hours: list[Hour]) -> tuple[str, str] | None:
    """Paths of the run times for the small picture: medians, and 95 % behind them. None when nothing was completed."""
    highest = max((hour.run_p95 or 0 for hour in hours), default=0)
    if not highest:
        return None
    return _path((hour.run_p50 for hour in hours), highest), _path((hour.run_p95 for hour in hours), highest)


def length(value: float | Decimal, highest: float | Decimal, longest: int) -> int:
    """How long a bar for `value` is, when `highest` is as long as the picture allows. What is there can be seen."""
    return max(1, round(value * longest / highest)) if value else 0


def _path(values: Iterable[float | None], highest: float) -> str:
    heights = [length(value or 0, highest, LOW) for value in values]
    return "".join(f"M{x * THIN} {LOW}v-{high}h{THIN - 1}v{high}z" for x, high in enumerate(heights) if high)


def _drawn(hours: list[Hour], amounts: list[tuple], words: list[str]) -> tuple[Bar, ...]:
    """A bar per hour; `amounts` are the lower part and the whole. None when there is nothing to see."""
    highest = max(whole for _, whole in amounts)
    if not highest:
        return ()
    bars = []
    for place, (hour, (part, whole), said) in enumerate(zip(hours, amounts, words, strict=True)):
        low = length(part, highest, HEIGHT)
        high = max(length(whole, highest, HEIGHT), low + (whole > part)) - low
        bars.append(Bar(hour.hour, place * WIDTH, low, high, said))
    return tuple(bars)


def _jobs(hours: list[Hour]) -> Picture:
    amounts = [(hour.completed, hour.completed + hour.failed) for hour in hours]
    bars = _drawn(hours, amounts, [f"{hour.completed} completed, {hour.failed} failed" for hour in hours])
    if not bars:
        return Picture("Jobs that ended", "failed", "No job ended in the last 24 hours.")
    completed, failed = sum(hour.completed for hour in hours), sum(hour.failed for hour in hours)
    says = f"{completed} jobs completed and {failed} failed in the last 24 hours."
    return Picture("Jobs that ended", "failed", says, str(max(whole for _, whole in amounts)), bars)


def _times(title: str, hours: list[Hour], times: list[tuple[float | None, float | None]]) -> Picture:
    words = [f"median {duration(half)}, 95 % within {duration(most)}" for half, most in times]
    bars = _drawn(hours, [(half or 0, most or 0) for half, most in times], words)
    if not bars:
        return Picture(title, "times", "No job was completed in the last 24 hours.")
    halves = [half for half, _ in times if half is not None]
    highest = max(most for _, most in times if most is not None)
    says = f"Median of one hour {_between(min(halves), max(halves))}; 95 % within {duration(highest)} or less."
    return Picture(title, "times", says, duration(highest), bars)


def _between(least: float, most: float) -> str:
    least, most = duration(least), duration(most)
    return least if least == most else f"{least} to {most}"


def _cost(hours: list[Hour]) -> Picture:
    known = [hour.cost for hour in hours if hour.cost is not None]
    words = [f"{dollars(hour.cost)}" for hour in hours]
    bars = _drawn(hours, [(hour.cost or 0, hour.cost or 0) for hour in hours], words)
    if not known:
        return Picture("Cost of models", "", "What models cost is not known yet.")
    if not bars:
        return Picture("Cost of models", "", "No model was paid for in the last 24 hours.")
    unknown = "" if len(known) == len(hours) else " of those that are counted"
    says = f"Models cost {dollars(sum(known))} in the last 24 hours{unknown}."
    return Picture("Cost of models", "", says, dollars(max(known)), bars)


def dollars(cost: Decimal | None) -> str:
    """Cents, or more places where these would say nothing."""
    if cost is None:
        return "–"
    return f"${cost:.4f}" if 0 < cost < Decimal("0.01") else f"${cost:.2f}"
