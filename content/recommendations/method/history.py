"""What one instrument's adjusted closes say: returns, volatility, the largest fall."""

import datetime
import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from content.recommendations.method.errors import Unusable

DAYS_A_YEAR = 252  # on which exchanges trade
FEWEST_RETURNS = 60  # about three months
MOST_RETURNS = 3 * DAYS_A_YEAR
LARGEST_STEP = 3.0  # a close this many times the one before, or this part of it, is a split that nobody adjusted for
SMALLEST_VOLATILITY = 1e-4

Closes = Sequence[tuple[datetime.date, float]]  # adjusted, the oldest first


@dataclass(frozen=True)
class Measures:
    """Volatility and growth (mean log return) are annual, `largest_fall` is from a peak to the low after it; shares
    of 1. `years` is the length of what was looked at."""

    volatility: float
    growth: float
    largest_fall: float
    years: float
    last_close: float
    last_date: datetime.date


def usable(closes: Iterable[tuple[datetime.date, float]]) -> Closes:
    """The last three years of `closes`, in order; raises Unusable, naming the reason."""
    found = sorted(dict(closes).items())[-MOST_RETURNS - 1 :]
    if len(found) <= FEWEST_RETURNS:
        raise Unusable("short", f"It has {len(found)} daily prices; {FEWEST_RETURNS + 1} are needed.")
    if not all(math.isfinite(close) and close > 0 for _, close in found):
        raise Unusable("invalid", "A price is not a number above zero.")
    steps = [max(new / old, old / new) for (_, old), (_, new) in zip(found, found[1:], strict=False)]
    if max(steps) > LARGEST_STEP:
        raise Unusable("jump", "A price is more than three times the one before, or less than a third of it.")
    return found


def log_returns(closes: Closes) -> dict[datetime.date, float]:
    """The logarithm of each close over the one before, by the later day."""
    return {day: math.log(new / old) for (_, old), (day, new) in zip(closes, closes[1:], strict=False)}


def measure(closes: Closes) -> Measures:
    """Measures of usable closes; raises Unusable when they do not move."""
    returns = list(log_returns(closes).values())
    volatility = statistics.stdev(returns) * math.sqrt(DAYS_A_YEAR)
    if volatility < SMALLEST_VOLATILITY:
        raise Unusable("flat", "Its price does not move.")
    return Measures(
        volatility=volatility,
        growth=statistics.fmean(returns) * DAYS_A_YEAR,
        largest_fall=largest_fall([close for _, close in closes]),
        years=len(returns) / DAYS_A_YEAR,
        last_close=closes[-1][1],
        last_date=closes[-1][0],
    )


def largest_fall(closes: Sequence[float]) -> float:
    """The maximum drawdown: the largest share that was lost from a peak to a low after it."""
    peak, worst = closes[0], 0.0
    for close in closes:
        peak = max(peak, close)
        worst = max(worst, 1 - close / peak)
    return worst
