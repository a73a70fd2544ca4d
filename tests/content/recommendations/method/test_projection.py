"""Ranges against values worked out by hand, and what holds for all of them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.recommendations.method.projection import chance_of_loss, expected_return, project
from tests.content.recommendations.method.histories import many


def test_the_median_grows_with_the_drift_and_the_ends_lie_1_2816_deviations_apart():
    end = project(1000, 0.05, 0.2, 4)[-1]
    drift = math.log(1.05) - 0.02
    assert end.median == pytest.approx(1000 * math.exp(4 * drift), abs=0.01)
    assert math.log(end.high / end.low) == pytest.approx(2 * 1.2815516 * 0.2 * 2, abs=1e-4)


@pytest.mark.parametrize(("years", "count"), [(1, 5), (5, 6), (10, 11)])
def test_a_point_for_each_year_or_quarter_and_the_start(years, count):
    points = project(1000, 0.05, 0.2, years)
    assert len(points) == count and points[-1].years == years
    assert (points[0].low, points[0].median, points[0].high) == (1000, 1000, 1000)


@many
@given(st.floats(0.01, 1e12), st.floats(-0.4, 0.4), st.floats(0, 1), st.sampled_from([1, 5, 10]))
def test_low_median_and_high_are_in_order_and_finite(capital, mean, volatility, years):
    for point in project(capital, mean, volatility, years):
        assert 0 <= point.low <= point.median <= point.high < math.inf
    assert 0 <= chance_of_loss(mean, volatility, years) <= 1


def test_the_chance_of_loss_is_what_the_range_says():
    assert chance_of_loss(math.exp(0.02) - 1, 0.2, 5) == pytest.approx(0.5)
    assert chance_of_loss(0.02, 0, 5) == 0 and chance_of_loss(-0.02, 0, 5) == 1
    assert chance_of_loss(0.05, 0.1, 1) > chance_of_loss(0.05, 0.1, 10)


def test_little_history_hardly_moves_the_expected_return():
    assert expected_return(0.5, 0.3, 0) == pytest.approx(0.06)
    short, long = expected_return(0.3, 0.2, 1), expected_return(0.3, 0.2, 5)
    assert 0.06 < short < long < 0.2
    assert expected_return(50, 3, 5) == expected_return(5, 3, 5) == pytest.approx(0.06 + 0.2 * 0.44)
    assert expected_return(-50, 3, 5) == pytest.approx(0.06 - 0.2 * 0.56)
