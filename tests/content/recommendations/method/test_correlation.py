"""Shrunken correlations: bounds, what is assumed without history, and the estimator against its own definition."""

import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.recommendations.method.correlation import ASSUMED, correlations
from tests.content.recommendations.method.histories import many


def weeks(values) -> dict:
    return {(2020 + place // 50, place % 50): value for place, value in enumerate(values)}


def noise(seed: int, count: int = 200) -> list[float]:
    dice = random.Random(seed)
    return [dice.gauss(0, 0.02) for _ in range(count)]


@many
@given(st.lists(st.integers(0, 50), min_size=1, max_size=5, unique=True), st.integers(26, 120))
def test_the_matrix_is_symmetric_with_ones_and_no_value_beyond_one(seeds, count):
    found = correlations([weeks(noise(seed, count)) for seed in seeds])
    for i, row in enumerate(found):
        assert row[i] == 1
        assert all(-1 <= value <= 1 and value == pytest.approx(found[j][i]) for j, value in enumerate(row))


def test_shrinking_draws_pairs_towards_their_mean_and_keeps_their_order():
    market = noise(1)
    mixed = [
        [share * m + (1 - share) * own for m, own in zip(market, noise(2 + i), strict=True)]
        for i, share in enumerate((0.9, 0.8, 0.2))
    ]
    found = correlations([weeks(values) for values in mixed])
    sample = {(i, j): statistics.correlation(mixed[i], mixed[j]) for i in range(3) for j in range(i)}
    mean = statistics.fmean(sample.values())
    for (i, j), value in sample.items():
        assert min(value, mean) - 1e-9 <= found[i][j] <= max(value, mean) + 1e-9
    assert sorted(sample, key=sample.get) == sorted(sample, key=lambda pair: found[pair[0]][pair[1]])


def test_little_history_is_shrunk_more_than_much():
    def shrunken(count: int) -> float:
        columns = [noise(seed, count) for seed in (3, 4, 5)]
        found = correlations([weeks(values) for values in columns])
        spread = [found[1][0], found[2][0], found[2][1]]
        sample = [statistics.correlation(columns[i], columns[j]) for i, j in ((1, 0), (2, 0), (2, 1))]
        return statistics.pstdev(spread) / statistics.pstdev(sample)

    market = [noise(seed, 4000) for seed in (9, 10)]
    mixed = [market[0], [a + b for a, b in zip(*market, strict=True)], market[1]]
    found = correlations([{(1000 + i // 50, i % 50): v for i, v in enumerate(values)} for values in mixed])
    assert shrunken(30) < 0.5
    assert found[1][0] == pytest.approx(statistics.correlation(mixed[0], mixed[1]), abs=0.01)


def test_without_weeks_in_common_an_assumption_stands_in():
    early, late = weeks(noise(1)), {(2050, week): value for (_, week), value in weeks(noise(2)).items()}
    assert correlations([early, late]) == [[1, ASSUMED], [ASSUMED, 1]]
    assert correlations([early, dict.fromkeys(early, 0.01)]) == [[1, ASSUMED], [ASSUMED, 1]]


def test_one_instrument_and_none():
    assert correlations([weeks(noise(1))]) == [[1.0]]
    assert correlations([]) == []
