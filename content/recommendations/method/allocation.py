"""Weights: inverse volatility, filled up to the caps for as long as the volatility target allows; the rest is cash.

Inverse volatility gives each instrument the same risk if all correlate alike (Maillard, Roncalli, Teiletche, "The
Properties of Equally Weighted Risk Contribution Portfolios", Journal of Portfolio Management 36, 2010). Holding less of
a risky mix and more cash is Tobin's separation (1958). Long only, no borrowing.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from content.recommendations.method.correlation import Matrix

MOST_PER_INSTRUMENT = 0.25  # as US law asks of diversified funds: 26 U.S.C. 851(b)(3)(B)
MOST_PER_SECTOR = 0.5  # the house's own
ROOM = 1e-12
HALVINGS = 40
STEPS = 10_000  # weights are told in hundredths of a percent


@dataclass(frozen=True)
class Allocation:
    """`weights` in the order of the instruments; with `cash` they sum to 1. `volatility` is that of the whole."""

    weights: tuple[float, ...]
    cash: float
    volatility: float


def allocate(volatilities: Sequence[float], sectors: Sequence[str], correlation: Matrix, target: float) -> Allocation:
    """The most that keeps to `target`, the rest in cash. Weights are rounded down to 0.01 %."""
    wishes, most = [1 / volatility for volatility in volatilities], 1.0
    if _swing(filled(wishes, sectors, 1.0), volatilities, correlation) > target:
        least = 0.0
        for _ in range(HALVINGS):
            middle = (least + most) / 2
            fits = _swing(filled(wishes, sectors, middle), volatilities, correlation) <= target
            least, most = (middle, most) if fits else (least, middle)
        most = least
    weights = [math.floor(weight * STEPS + 1e-6) / STEPS for weight in filled(wishes, sectors, most)]
    return Allocation(tuple(weights), round(1 - sum(weights), 4), _swing(weights, volatilities, correlation))


def filled(wishes: Sequence[float], sectors: Sequence[str], most: float) -> list[float]:
    """Weights that grow in proportion to `wishes`, each until its own or its sector's cap, together to `most`."""
    weights, growing = [0.0] * len(wishes), set(range(len(wishes)))
    in_sector: dict[str, float] = defaultdict(float)
    while growing and most - sum(weights) > ROOM:
        speeds: dict[str, float] = defaultdict(float)
        for i in growing:
            speeds[sectors[i]] += wishes[i]
        step = min(
            (most - sum(weights)) / sum(speeds.values()),
            min((MOST_PER_INSTRUMENT - weights[i]) / wishes[i] for i in growing),
            min((MOST_PER_SECTOR - in_sector[name]) / speed for name, speed in speeds.items()),
        )
        for i in growing:
            weights[i] += step * wishes[i]
            in_sector[sectors[i]] += step * wishes[i]
        growing = {
            i
            for i in growing
            if MOST_PER_INSTRUMENT - weights[i] > ROOM and MOST_PER_SECTOR - in_sector[sectors[i]] > ROOM
        }
    return weights


def _swing(weights: Sequence[float], volatilities: Sequence[float], correlation: Matrix) -> float:
    """Annual volatility of these weights and cash that does not swing."""
    risks = [weight * volatility for weight, volatility in zip(weights, volatilities, strict=True)]
    variance = sum(a * b * correlation[i][j] for i, a in enumerate(risks) for j, b in enumerate(risks))
    return math.sqrt(max(0.0, variance))
