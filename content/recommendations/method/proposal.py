"""The whole of what is computed for one client: positions, cash, and the range of what may become of the capital."""

import math
from dataclasses import dataclass

from content.recommendations.method.allocation import allocate
from content.recommendations.method.candidates import Candidate, Universe
from content.recommendations.method.errors import NothingUsable
from content.recommendations.method.projection import CASH_RETURN, Point, chance_of_loss, project
from content.recommendations.method.targets import YEARS, target_volatility


@dataclass(frozen=True)
class Position:
    """`amount` is in the currency of the capital, rounded down to cents."""

    candidate: Candidate
    weight: float
    amount: float


@dataclass(frozen=True)
class Proposal:
    """Weights of positions and `cash` sum to 1, amounts and `cash_amount` to the capital."""

    positions: tuple[Position, ...]
    cash: float
    cash_amount: float
    target: float
    volatility: float
    expected_return: float
    chance_of_loss: float
    points: tuple[Point, ...]

    @property
    def years(self) -> float:
        """How far the projection looks."""
        return self.points[-1].years


def propose(universe: Universe, *, risk_tolerance: int, horizon: str, capital: float) -> Proposal:
    """Weights for all of `universe`; raises NothingUsable when it is empty."""
    found = universe.candidates
    if not found:
        raise NothingUsable("There are no usable prices for the chosen sectors.")
    target, years = target_volatility(risk_tolerance, horizon), YEARS[horizon]
    made = allocate([one.volatility for one in found], [one.sector for one in found], universe.correlation, target)
    mean = made.cash * CASH_RETURN
    mean += sum(weight * one.expected_return for weight, one in zip(made.weights, found, strict=True))
    positions = tuple(
        Position(one, weight, math.floor(weight * capital * 100 + 1e-6) / 100)
        for weight, one in zip(made.weights, found, strict=True)
        if weight > 0
    )
    return Proposal(
        positions=tuple(sorted(positions, key=lambda position: -position.weight)),
        cash=made.cash,
        cash_amount=round(capital - sum(position.amount for position in positions), 2),
        target=target,
        volatility=made.volatility,
        expected_return=mean,
        chance_of_loss=chance_of_loss(mean, made.volatility, years),
        points=tuple(project(capital, mean, made.volatility, years)),
    )
