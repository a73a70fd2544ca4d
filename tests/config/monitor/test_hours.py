"""The last 24 hours of queues: what roll-ups have counted, and what only the ledger knows yet."""

from decimal import Decimal

import pytest

from aiproviders.models import AICall
from config.monitor import hours
from config.monitor.hours import HOURS, last_day, together
from queues import clock
from queues.hours import beginning_of_hour
from queues.models import Job, QueueHour
from queues.states import JobState
from tests.queues.ended import HOUR, ended_job

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NUMBERS = {"started": 0, "cancelled": 0, "completed": 0, "failed": 0}


def rolled_up(hours_ago: int, *, queue: str = "blog", **numbers) -> None:
    hour = beginning_of_hour(clock.now()) - hours_ago * HOUR
    QueueHour.objects.create(queue=queue, hour=hour, **NUMBERS | numbers)


def ran(hours_ago: int, *, run: float = 0, wait: float = 0, state=JobState.COMPLETED, cost=None, **columns) -> Job:
    """A job of `blog` that ended at the beginning of an hour; `run` and `wait` in seconds."""
    at = beginning_of_hour(clock.now()) - hours_ago * HOUR
    started = at - HOUR / 3600 * run
    columns = {"queue": "blog", "run_at": started - HOUR / 3600 * wait, "started_at": started} | columns
    job = ended_job(state, finished_at=at, **columns)
    if cost is not None:
        AICall.objects.create(job_id=job.pk, provider="a", milliseconds=1, outcome="ok", cost=Decimal(cost))
    return job


def test_without_a_past_all_hours_are_there_and_empty():
    day = last_day(["blog"])["blog"]
    assert [later.hour - hour.hour for hour, later in zip(day, day[1:], strict=False)] == [HOUR] * (HOURS - 1)
    assert day[-1].hour == beginning_of_hour(clock.now())
    assert {(hour.completed, hour.failed, hour.run_p50, hour.wait_p95, hour.cost) for hour in day} == {
        (0, 0, None, None, 0)
    }


def test_hours_that_are_over_are_as_they_were_rolled_up():
    rolled_up(2, completed=3, failed=1, run_p50=4, run_p95=9, wait_p50=1, wait_p95=2, cost=Decimal("0.5"))
    rolled_up(24, completed=1000)
    day = last_day(["blog", "mail"])
    hour = day["blog"][-3]
    assert (hour.completed, hour.failed, hour.run_p50, hour.run_p95, hour.wait_p50, hour.wait_p95) == (3, 1, 4, 9, 1, 2)
    assert hour.cost == Decimal("0.5")
    assert sum(hour.completed for hour in day["blog"]) == 3
    assert sum(hour.completed for hour in day["mail"]) == 0


def test_what_no_roll_up_has_counted_comes_from_the_ledger():
    rolled_up(2, completed=5)
    ran(2)  # counted above
    for run, wait in ((10, 1), (20, 2), (30, 3)):
        ran(1, run=run, wait=wait, cost="0.25")
    ran(1, run=900, handed_over=True)
    ran(1, state=JobState.FAILED, cost="1")
    ran(0, state=JobState.CANCELLED, started_at=None)
    ran(0, queue="mail")
    day = last_day(["blog", "mail"])
    assert [(hour.completed, hour.failed) for hour in day["blog"][-3:]] == [(5, 0), (4, 1), (0, 0)]
    hour = day["blog"][-2]
    assert (hour.run_p50, hour.run_p95) == pytest.approx((20, 30), abs=0.01)
    assert (hour.wait_p50, hour.wait_p95) == pytest.approx((2, 3), abs=0.01)
    assert hour.cost == Decimal("1.75")
    assert day["blog"][-1].run_p50 is None
    assert day["mail"][-1].completed == 1


def test_of_more_jobs_than_can_be_read_the_number_is_exact_and_no_part_of_the_cost_is_shown(monkeypatch):
    monkeypatch.setattr(hours, "MOST_READ", 3)
    for run in (1, 2, 3, 4):
        ran(0, run=run, cost="0.25")
    hour = last_day(["blog"])["blog"][-1]
    assert (hour.completed, hour.cost) == (4, None)
    assert hour.run_p95 is not None


def test_where_nobody_keeps_costs_there_are_none(settings):
    settings.JOB_COST = ""
    ran(0, cost="1")
    assert {hour.cost for hour in last_day(["blog"])["blog"]} == {None}


def test_all_queues_together_are_their_sums_and_have_no_median():
    rolled_up(1, completed=3, run_p50=1, run_p95=1, cost=Decimal("0.5"))
    rolled_up(1, queue="mail", completed=4, failed=1, cost=None)
    hour = together(last_day(["blog", "mail"]))[-2]
    assert (hour.completed, hour.failed, hour.cost, hour.run_p50) == (7, 1, Decimal("0.5"), None)


@pytest.mark.parametrize("count", [1, 50])
def test_a_day_costs_the_same_queries_for_any_number_of_jobs(count, django_assert_num_queries):
    for number in range(count):
        ran(number % 20, run=1, cost="0.1")
    with django_assert_num_queries(4 + (clock.connection.vendor == "postgresql")):
        last_day(["blog", "mail"])
