import pytest

from content.recommendations.charts import HEIGHT, WIDTH, fan, nice_step, short
from content.recommendations.method.projection import project


def points(*args) -> list[dict]:
    return [vars(point) for point in project(*args)]


@pytest.mark.parametrize(
    ("least", "step"), [(1, 1), (1.01, 2), (2.1, 2.5), (2600, 5000), (51, 100), (0.003, 0.005), (3e11, 5e11)]
)
def test_steps_are_round(least, step):
    assert nice_step(least) == pytest.approx(step)


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "0"), (5, "5"), (2500, "2.5k"), (10_000, "10k"), (2e6, "2M"), (5e9, "5B"), (1e12, "1T"), (0.005, "0.005")],
)
def test_amounts_of_an_axis_are_short(amount, text):
    assert short(amount) == text


@pytest.mark.parametrize("capital", [0.01, 1, 10_000, 1e12])
@pytest.mark.parametrize("years", [1, 5, 10])
def test_the_picture_holds_all_of_the_range(capital, years):
    made = fan(points(capital, 0.05, 0.15, years))
    for spot in [*made.band.split(), *made.middle.split()]:
        x, y = map(int, spot.split(","))
        assert 0 <= x <= WIDTH and 0 <= y <= HEIGHT
    assert made.amounts[0].at == HEIGHT and made.amounts[-1].at == 0 and 2 <= len(made.amounts) <= 6
    assert made.years[0].at == 0 and made.years[-1].at == WIDTH


def test_the_band_goes_along_the_top_and_back_along_the_bottom():
    made = fan(points(100, 0.05, 0.2, 5))
    spots = [tuple(map(int, spot.split(","))) for spot in made.band.split()]
    assert spots[0] == spots[-1] == (0, made.start)
    assert spots[5][0] == spots[6][0] == WIDTH and spots[5][1] < spots[6][1]
