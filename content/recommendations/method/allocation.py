"""Weights: inverse volatility, filled up to the caps, then scaled down with cash to the volatility target.

Inverse volatility gives each instrument the same risk if all correlate alike (Maillard, Roncalli, Teiletche, "The
Properties of Equally Weighted Risk Contribution Portfolios", Journal of Portfolio Management 36, 2010). Mixing one
risky portfolio with cash is Tobin's separation (1958). Long only; what no cap and no target leaves room for is cash.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from content.recommendations.method.correlation import Matrix

MOST_PER_INSTRUMENT = 0.25  # as US law asks of diversified funds: 26 U.S.C. 851(b)(3)(B)
MOST_PER_SECTOR = 0.5  # the house's own
ROOM = 1e-12
STEPS = 10_000  # weights are told in hundredths of a percent


@dataclass(frozen=True)
class Allocation:
    """`weights` in the order of the instruments; with `cash` they sum to 1. `volatility` is that of the whole."""

    weights: tuple[float, ...]
    cash: float
    volatility: float


def allocate(volatilities: Sequence[float], sectors: Sequence[str], correlation: Matrix, target: float) -> Allocation:
    """As much of the risky mix as `target` allows, the rest in cash. Weights are rounded down to 0.01 %."""
    full = filled([1 / volatility for volatility in volatilities], sectors)
    swing = portfolio_volatility(full, volatilities, correlation)
    scale = min(1.0, target / swing) if swing > 0 else 1.0
    weights = [math.floor(weight * scale * STEPS + 1e-6) / STEPS for weight in full]
    return Allocation(
        weights=tuple(weights),
        cash=round(1 - sum(weights), 4),
        volatility=portfolio_volatility(weights, volatilities, correlation),
    )


def filled(wishes: Sequence[float], sectors: Sequence[str]) -> list[float]:
    """Weights that grow in proportion to `wishes`, each until its own or its sector's cap, together to at most 1."""
    weights, growing = [0.0] * len(wishes), set(range(len(wishes)))
    in_sector: dict[str, float] = defaultdict(float)
    while growing and 1 - sum(weights) > ROOM:
        speeds: dict[str, float] = defaultdict(float)
        for i in growing:
            speeds[sectors[i]] += wishes[i]
        step = min(
            (1 - sum(weights)) / sum(speeds.values()),
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
    return [min(weight, MOST_PER_INSTRUMENT) for weight in weights]


def portfolio_volatility(weights: Sequence[float], volatilities: Sequence[float], correlation: Matrix) -> float:
    """Annual, of these weights and cash that does not swing."""
    risks = [weight * volatility for weight, volatility in zip(weights, volatilities, strict=True)]
    variance = sum(a * b * correlation[i][j] for i, a in enumerate(risks) for j, b in enumerate(risks))
    return math.sqrt(max(0.0, variance))
