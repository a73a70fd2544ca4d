"""What holds for every mix: weights sum to 1, none is negative, caps and the target are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.recommendations.method.allocation import MOST_PER_INSTRUMENT, MOST_PER_SECTOR, allocate, filled
from content.recommendations.method.targets import target_volatility
from tests.content.recommendations.method.histories import many, mixes, targets


@many
@given(mixes(), targets)
def test_weights_sum_to_one_none_is_negative_and_caps_and_target_are_kept(mix, target):
    volatilities, sectors, correlation = mix
    made = allocate(volatilities, sectors, correlation, target)
    assert abs(sum(made.weights) + made.cash - 1) <= 1e-9
    assert all(0 <= weight <= MOST_PER_INSTRUMENT for weight in made.weights) and made.cash >= 0
    for name in set(sectors):
        held = sum(weight for weight, sector in zip(made.weights, sectors, strict=True) if sector == name)
        assert held <= MOST_PER_SECTOR + 1e-9
    assert made.volatility <= target + 1e-9


@many
@given(mixes(), targets, targets)
def test_a_higher_target_never_means_less_risk_or_more_cash(mix, one, other):
    low, high = (allocate(*mix, target) for target in sorted((one, other)))
    # Each weight is rounded down to 0.01 %.
    assert low.cash >= high.cash - 1e-4 * len(mix[0])
    assert low.volatility <= high.volatility + 1e-4 * sum(mix[0])


@many
@given(mixes())
def test_a_higher_tolerance_never_means_more_cash(mix):
    cash = [allocate(*mix, target_volatility(tolerance, "long")).cash for tolerance in range(1, 11)]
    assert all(after <= before + 1e-4 * len(mix[0]) for before, after in zip(cash, cash[1:], strict=False))


@many
@given(mixes(), st.floats(0.1, 10))
def test_the_unit_of_wishes_changes_nothing(mix, factor):
    wishes = [1 / volatility for volatility in mix[0]]
    scaled = filled([wish * factor for wish in wishes], mix[1], 1.0)
    assert scaled == pytest.approx(filled(wishes, mix[1], 1.0), abs=1e-9)


def test_calmer_instruments_get_more_in_proportion():
    made = allocate([0.1, 0.2, 0.4], ["a", "b", "c"], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], 0.02)
    assert made.weights[0] == pytest.approx(2 * made.weights[1], abs=2e-4)
    assert made.weights[1] == pytest.approx(2 * made.weights[2], abs=2e-4)
    assert made.volatility == pytest.approx(0.02, abs=1e-4)


def test_what_a_cap_holds_back_goes_to_the_others_and_then_to_cash():
    alone = [[1.0 if i == j else 0.0 for j in range(6)] for i in range(6)]
    assert allocate([0.01, 0.2, 0.2, 0.2, 0.2, 0.2], list("abcdef"), alone, 9).weights[0] == 0.25
    sector = allocate([0.2] * 6, ["a"] * 5 + ["b"], alone, 9)
    assert sum(sector.weights[:5]) == pytest.approx(0.5) and sector.weights[5] == 0.25 and sector.cash == 0.25


def test_nothing_to_hold_is_all_cash():
    made = allocate([], [], [], 0.1)
    assert (made.weights, made.cash, made.volatility) == ((), 1, 0)
