"""Returns, volatility and falls against figures worked out by hand, and histories that say nothing."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.recommendations.method.errors import Unusable
from content.recommendations.method.history import MOST_RETURNS, largest_fall, log_returns, measure, usable
from tests.content.recommendations.method.histories import closes_of, many, returns, wobbling


def test_log_returns_belong_to_the_later_week():
    closes = closes_of([math.log(1.1), math.log(0.5)])
    found = log_returns(closes)
    assert list(found) == [closes[1][0].isocalendar()[:2], closes[2][0].isocalendar()[:2]]
    assert list(found.values()) == pytest.approx([math.log(1.1), math.log(0.5)])


def test_volatility_and_growth_are_annual():
    found = measure(usable(closes_of([0.03, -0.01] * 26)))
    assert found.volatility == pytest.approx(0.02 * math.sqrt(52 / 51) * math.sqrt(52))
    assert found.growth == pytest.approx(0.52)
    assert found.years == 1


def test_the_largest_fall_is_from_a_peak_to_the_low_after_it():
    assert largest_fall([100, 120, 90, 110, 60, 200, 150]) == pytest.approx(0.5)
    assert largest_fall([1, 2, 3]) == 0


def test_five_years_are_looked_at_whatever_was_before():
    old, new = [1.0, -1.0] * 40, [0.01, -0.01] * (MOST_RETURNS // 2)
    assert len(usable(closes_of(old + new))) == MOST_RETURNS + 1
    assert measure(usable(closes_of(old + new))).volatility == pytest.approx(measure(usable(closes_of(new))).volatility)


@pytest.mark.parametrize(
    ("closes", "reason"),
    [
        ([], "short"),
        (closes_of([]), "short"),
        (closes_of([0.01, -0.01] * 12), "short"),
        (closes_of([0.0] * 60), "flat"),
        ([(day, 0.0) for day, _ in wobbling()], "invalid"),
        ([(day, -close) for day, close in wobbling()], "invalid"),
        ([(day, math.nan) for day, _ in wobbling()], "invalid"),
        ([(day, math.inf) for day, _ in wobbling()], "invalid"),
        (closes_of([0.01] * 30 + [math.log(20)] + [0.01] * 30), "jump"),
        (closes_of([0.01] * 30 + [-math.log(7)] + [0.01] * 30), "jump"),
    ],
)
def test_a_history_that_says_nothing_is_refused_by_name(closes, reason):
    with pytest.raises(Unusable) as refused:
        measure(usable(closes))
    assert refused.value.reason == reason and str(refused.value).endswith(".")


@many
@given(returns, st.floats(1e-6, 1e6))
def test_the_scale_of_prices_changes_nothing(moves, factor):
    try:
        plain = measure(usable(closes_of(moves)))
    except Unusable as refused:
        with pytest.raises(Unusable) as too:
            measure(usable(closes_of(moves, start=100 * factor)))
        assert too.value.reason == refused.reason
        return
    scaled = measure(usable(closes_of(moves, start=100 * factor)))
    assert scaled.volatility == pytest.approx(plain.volatility)
    assert scaled.growth == pytest.approx(plain.growth, abs=1e-6)
    assert scaled.largest_fall == pytest.approx(plain.largest_fall, abs=1e-9)
    assert 0 <= plain.largest_fall < 1 and plain.volatility > 0


def test_the_order_of_prices_changes_nothing():
    assert measure(usable(wobbling()[::-1])) == measure(usable(wobbling()))
