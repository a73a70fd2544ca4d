"""What one instrument's adjusted weekly closes say: returns, volatility, the largest fall.

Weeks and five years, as the European risk indicator measures funds (CESR/10-673, box 1).
"""

import datetime
import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from content.recommendations.method.errors import Unusable

WEEKS_A_YEAR = 52
FEWEST_RETURNS = 26  # half a year
MOST_RETURNS = 5 * WEEKS_A_YEAR
LARGEST_STEP = 3.0  # a close this many times the one before, or this part of it, is a split that nobody adjusted for
SMALLEST_VOLATILITY = 1e-3

Closes = Sequence[tuple[datetime.date, float]]  # adjusted, one a week, the oldest first
Week = tuple[int, int]  # ISO year and number: the last trading day need not be the same one everywhere


@dataclass(frozen=True)
class Measures:
    """Shares of 1: volatility and growth (mean log return) a year; `largest_fall` from a peak to the low after it.

    `years` is the length of what was looked at.
    """

    volatility: float
    growth: float
    largest_fall: float
    years: float


def usable(closes: Iterable[tuple[datetime.date, float]]) -> Closes:
    """The last five years of `closes`, in order; raises Unusable, naming the reason."""
    found = sorted(dict(closes).items())[-MOST_RETURNS - 1 :]
    if len(found) <= FEWEST_RETURNS:
        raise Unusable("short", f"It has prices of {len(found)} weeks; {FEWEST_RETURNS + 1} are needed.")
    if not all(math.isfinite(close) and close > 0 for _, close in found):
        raise Unusable("invalid", "A price is not a number above zero.")
    closest = zip(found, found[1:], strict=False)
    if any(not 1 / LARGEST_STEP <= new / old <= LARGEST_STEP for (_, old), (_, new) in closest):
        raise Unusable("jump", "A price is more than three times the one before, or less than a third of it.")
    return found


def log_returns(closes: Closes) -> dict[Week, float]:
    """The logarithm of each close over the one before, by the later one's week."""
    pairs = zip(closes, closes[1:], strict=False)
    return {day.isocalendar()[:2]: math.log(new / old) for (_, old), (day, new) in pairs}


def measure(closes: Closes) -> Measures:
    """Measures of usable closes; raises Unusable when they do not move."""
    returns = list(log_returns(closes).values())
    volatility = statistics.stdev(returns) * math.sqrt(WEEKS_A_YEAR) if len(returns) > 1 else 0.0
    if volatility < SMALLEST_VOLATILITY:
        raise Unusable("flat", "Its price does not move.")
    return Measures(
        volatility=volatility,
        growth=statistics.fmean(returns) * WEEKS_A_YEAR,
        largest_fall=largest_fall([close for _, close in closes]),
        years=len(returns) / WEEKS_A_YEAR,
    )


def largest_fall(closes: Sequence[float]) -> float:
    """The maximum drawdown: the largest share that was lost from a peak to a low after it."""
    peak, worst = closes[0], 0.0
    for close in closes:
        peak = max(peak, close)
        worst = max(worst, 1 - close / peak)
    return worst
