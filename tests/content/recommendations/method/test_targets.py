import pytest

from content.recommendations.method.targets import SHARES, VOLATILITY, YEARS, target_volatility


@pytest.mark.parametrize("horizon", SHARES)
def test_a_higher_tolerance_never_lowers_the_target(horizon):
    found = [target_volatility(tolerance, horizon) for tolerance in range(1, 11)]
    assert found == sorted(found) and len(set(found)) == 10
    assert all(0 < target <= 0.25 for target in found)


@pytest.mark.parametrize("tolerance", VOLATILITY)
def test_a_longer_horizon_never_lowers_the_target(tolerance):
    found = [target_volatility(tolerance, horizon) for horizon in sorted(YEARS, key=YEARS.get)]
    assert found == sorted(found)
