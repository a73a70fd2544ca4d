import datetime
from decimal import Decimal

import pytest

from config.monitor import pictures
from config.monitor.hours import HOURS, Hour
from config.monitor.pictures import HEIGHT, dollars

START = datetime.datetime(2026, 11, 22, 13, tzinfo=datetime.UTC)


def day(**of_places) -> list[Hour]:
    """24 hours; `at_3={"completed": 1}` is what the fourth was like."""
    made = [Hour(START + place * datetime.timedelta(hours=1)) for place in range(HOURS)]
    for place, columns in of_places.items():
        for name, value in columns.items():
            setattr(made[int(place.removeprefix("at_"))], name, value)
    return made


def test_the_tallest_bar_fills_the_height_and_failed_stands_on_completed():
    jobs = pictures.of_all(day(at_0={"completed": 20}, at_22={"completed": 30, "failed": 10}))[0]
    assert (jobs.bars[22].low, jobs.bars[22].high) == (HEIGHT * 3 / 4, HEIGHT / 4)
    assert (jobs.bars[0].low, jobs.bars[0].high) == (HEIGHT / 2, 0)
    assert (jobs.says, jobs.top) == ("50 jobs completed and 10 failed in the last 24 hours.", "40")
    assert [bar.x for bar in jobs.bars] == [place * pictures.WIDTH for place in range(HOURS)]
    assert jobs.bars[22].words == "30 completed, 10 failed"


def test_what_is_small_beside_the_rest_can_still_be_seen():
    jobs = pictures.of_all(day(at_0={"completed": 1, "failed": 1}, at_1={"completed": 10_000}))[0]
    assert (jobs.bars[0].low, jobs.bars[0].high) == (1, 1)


def test_times_show_the_median_in_front_of_95_percent():
    hours = day(
        at_1={"run_p50": 5.0, "run_p95": 40.0, "wait_p50": 0.02, "wait_p95": 1.0},
        at_2={"run_p50": 10.0, "run_p95": 20.0, "wait_p50": 0.02, "wait_p95": 0.5},
    )
    _, _, run, wait = pictures.of_queue(hours)
    assert (run.bars[1].low, run.bars[1].high) == (HEIGHT / 8, HEIGHT * 7 / 8)
    assert (run.bars[2].low, run.bars[2].high) == (HEIGHT / 4, HEIGHT / 4)
    assert (run.bars[3].low, run.bars[3].high) == (0, 0)
    assert run.says == "Median of one hour 5.0 s to 10 s; 95 % within 40 s or less."
    assert wait.says == "Median of one hour 20 ms; 95 % within 1.0 s or less."


def test_costs_are_summed_and_hours_that_are_not_counted_are_said():
    hours = day(at_1={"cost": Decimal("0.25")}, at_2={"cost": Decimal("0.5")})
    cost = pictures.of_all(hours)[1]
    assert (cost.says, cost.top) == ("Models cost $0.75 in the last 24 hours of those that are counted.", "$0.50")
    assert [bar.low for bar in cost.bars[:3]] == [0, HEIGHT / 2, HEIGHT]
    for hour in hours:
        hour.cost = hour.cost or Decimal(0)
    assert pictures.of_all(hours)[1].says == "Models cost $0.75 in the last 24 hours."


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (day(), ["No job ended", "What models cost is not known yet.", "No job was completed", "No job was completed"]),
        (day(at_1={"cost": Decimal(0), "failed": 1}), ["0 jobs completed and 1 failed", "No model was paid for"]),
    ],
)
def test_what_there_is_not_is_said_and_not_drawn(hours, said):
    drawn = pictures.of_queue(hours)
    for picture, words in zip(drawn, said, strict=False):
        assert picture.says.startswith(words)
        assert bool(picture.bars) == (words[0] == "0")


def test_the_small_picture_has_a_bar_for_each_hour_with_times():
    medians, most = pictures.small(day(at_0={"run_p50": 5.0, "run_p95": 10.0}, at_2={"run_p50": 1.0, "run_p95": 5.0}))
    assert medians == "M0 20v-10h2v10zM6 20v-2h2v2z"
    assert most == "M0 20v-20h2v20zM6 20v-10h2v10z"
    assert pictures.small(day()) is None


@pytest.mark.parametrize(
    ("cost", "words"), [(None, "–"), ("0", "$0.00"), ("0.00042", "$0.0004"), ("0.01", "$0.01"), ("12.346", "$12.35")]
)
def test_dollars_have_the_places_that_say_something(cost, words):
    assert dollars(cost if cost is None else Decimal(cost)) == words
