"""What the capital may become: a range and never one number, from an expected return that trusts history little.

Values are lognormal. Past means say next to nothing about future ones (Merton, "On Estimating the Expected Return on
the Market", Journal of Financial Economics 8, 1980), so each instrument's own is drawn towards one prior, as in Jorion,
"Bayes-Stein Estimation for Portfolio Analysis" (1986), with a fixed weight instead of an estimated one.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

CASH_RETURN = 0.02  # a year, assumed
EQUITY_PREMIUM = 0.04  # of shares over cash, a year, assumed
PRIOR_YEARS = 20  # history of this length would count as much as the prior
WILDEST = 0.5  # a past annual return beyond this counts as this
PERCENTILES = (10, 50, 90)


@dataclass(frozen=True)
class Point:
    """After `years`, in the currency of the capital: one of ten is below `low`, one of ten above `high`."""

    years: float
    low: float
    median: float
    high: float


def expected_return(growth: float, volatility: float, years: float) -> float:
    """An instrument's, a year: the prior, moved by its own past return as far as its history is long."""
    past = min(WILDEST, max(-WILDEST, math.exp(min(growth + volatility**2 / 2, 1.0)) - 1))
    prior = CASH_RETURN + EQUITY_PREMIUM
    return prior + years / (years + PRIOR_YEARS) * (past - prior)


def project(capital: float, mean_return: float, volatility: float, years: int) -> list[Point]:
    """The range at the start, at each year's end, and for one year at each quarter's."""
    steps = range(5) if years == 1 else range(years + 1)
    return [_point(capital, mean_return, volatility, step / 4 if years == 1 else float(step)) for step in steps]


def chance_of_loss(mean_return: float, volatility: float, years: float) -> float:
    """The probability that less than the capital is there after `years`."""
    middle = _drift(mean_return, volatility) * years
    if volatility * years == 0:
        return 1.0 if middle < 0 else 0.0
    return NormalDist(middle, volatility * math.sqrt(years)).cdf(0)


def _point(capital: float, mean_return: float, volatility: float, years: float) -> Point:
    middle, spread = _drift(mean_return, volatility) * years, volatility * math.sqrt(years)
    ends = (capital * math.exp(middle + NormalDist().inv_cdf(part / 100) * spread) for part in PERCENTILES)
    return Point(years, *(round(end, 2) for end in ends))


def _drift(mean_return: float, volatility: float) -> float:
    """Of the logarithm, a year."""
    return math.log1p(mean_return) - volatility**2 / 2
