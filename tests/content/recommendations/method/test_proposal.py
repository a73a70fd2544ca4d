"""From histories to a proposal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.recommendations.method.candidates import calmest, universe
from content.recommendations.method.errors import NothingUsable
from content.recommendations.method.proposal import propose
from tests.content.recommendations.method.histories import SECTORS, many, wobbling

TICKERS = ("AA", "BB", "CC", "DD", "EE")
ABOUT = {ticker: (f"{ticker} Corp", SECTORS[place % 3], "stock") for place, ticker in enumerate(TICKERS)}
CLOSES = {ticker: wobbling(swing=0.01 + 0.01 * place, phase=place) for place, ticker in enumerate(TICKERS)}
WISHES = {"risk_tolerance": 7, "horizon": "medium", "capital": 10_000}


@many
@given(st.integers(1, 10), st.sampled_from(["short", "medium", "long"]), st.floats(0.01, 1e12))
def test_weights_and_amounts_are_whole(tolerance, horizon, capital):
    made = propose(universe(CLOSES, ABOUT), risk_tolerance=tolerance, horizon=horizon, capital=capital)
    assert abs(sum(one.weight for one in made.positions) + made.cash - 1) <= 1e-9
    amounts = [one.amount for one in made.positions]
    assert all(amount >= 0 for amount in amounts) and made.cash_amount >= 0
    assert sum(amounts) + made.cash_amount == pytest.approx(capital, abs=0.005 + capital * 1e-12)
    assert made.volatility <= made.target + 1e-9


def test_scaling_all_prices_changes_nothing():
    scaled = {ticker: [(day, close * 8) for day, close in closes] for ticker, closes in CLOSES.items()}
    assert propose(universe(scaled, ABOUT), **WISHES) == propose(universe(CLOSES, ABOUT), **WISHES)


def test_what_cannot_be_measured_is_left_out_by_name():
    broken = CLOSES | {"BB": wobbling()[:1], "CC": [(day, 5.0) for day, _ in wobbling()]}
    found = universe(broken, ABOUT)
    assert [one.ticker for one in found.candidates] == ["AA", "DD", "EE"]
    assert [ticker for ticker, _ in found.excluded] == ["BB", "CC"]
    assert len(found.correlation) == 3
    assert {one.candidate.ticker for one in propose(found, **WISHES).positions} == {"AA", "DD", "EE"}


def test_nothing_usable_is_an_error_of_its_own():
    with pytest.raises(NothingUsable):
        propose(universe({"AA": []}, ABOUT), **WISHES)


def test_a_part_of_the_universe_keeps_its_own_correlations():
    whole = universe(CLOSES, ABOUT)
    part = whole.only(["EE", "BB"])
    assert [one.ticker for one in part.candidates] == ["BB", "EE"]
    assert part.correlation == [[1.0, whole.correlation[1][4]], [whole.correlation[4][1], 1.0]]


def test_the_calmest_are_taken_sector_by_sector():
    found = universe(CLOSES, ABOUT).candidates
    assert calmest(found, 3) == ["AA", "BB", "CC"]
    assert calmest(found, 4) == ["AA", "BB", "CC", "DD"]
    assert calmest(found, 99) == ["AA", "BB", "CC", "DD", "EE"]
