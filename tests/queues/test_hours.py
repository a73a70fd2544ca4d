import datetime
from decimal import Decimal

import pytest

from aiproviders.models import AICall
from queues import clock, hours
from queues.hours import roll_up
from queues.models import Job, QueueHour
from queues.states import JobState
from tests.queues.ended import HOUR, dead_letter, ended_job

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def this_hour() -> datetime.datetime:
    """The beginning of the first hour that is not over for the roll-up."""
    return hours.beginning_of_hour(clock.now() - hours.SETTLED)


def ran(at: datetime.datetime, *, wait: float = 0, run: float = 0, state=JobState.COMPLETED, **columns) -> Job:
    """A job that ended at `at`; `wait` and `run` in seconds."""
    started = at - datetime.timedelta(seconds=run)
    due = started - datetime.timedelta(seconds=wait)
    return ended_job(state, run_at=due, started_at=started, finished_at=at, **columns)


def row(hour: datetime.datetime, queue: str = "default") -> QueueHour:
    return QueueHour.objects.get(queue=queue, hour=hour)


def test_an_hour_that_is_over_is_counted_per_queue():
    hour = this_hour() - HOUR
    middle = hour + HOUR / 2
    for number in range(1, 21):
        ran(middle, wait=number, run=10 * number)
    dead_letter(finished_at=middle, started_at=middle)
    ran(middle, state=JobState.CANCELLED)
    ran(middle, queue="blog")
    assert roll_up() == this_hour()
    counted = row(hour)
    assert (counted.started, counted.completed, counted.failed, counted.cancelled) == (22, 20, 1, 1)
    assert (counted.wait_p50, counted.wait_p95) == pytest.approx((10, 19), abs=0.01)
    assert (counted.run_p50, counted.run_p95) == pytest.approx((100, 190), abs=0.01)
    assert row(hour, "blog").completed == 1


def test_a_quiet_queue_has_a_row_without_times():
    ran(this_hour() - HOUR / 2)
    roll_up()
    quiet = row(this_hour() - HOUR, "stories")
    assert (quiet.started, quiet.completed, quiet.failed, quiet.wait_p50, quiet.run_p95) == (0, 0, 0, None, None)


def test_the_edges_of_an_hour_belong_to_one_hour_only():
    hour = this_hour() - 2 * HOUR
    ran(hour)
    ran(hour + HOUR - datetime.timedelta(milliseconds=1))
    ran(hour + HOUR)
    roll_up()
    assert [row(hour).completed, row(hour + HOUR).completed] == [2, 1]


def test_the_hour_that_runs_is_not_counted_yet():
    ran(this_hour())
    roll_up()
    assert not QueueHour.objects.exists()


def test_an_hour_rests_until_its_last_transactions_are_in(monkeypatch):
    now = datetime.datetime(2026, 11, 22, 12, 4, tzinfo=datetime.UTC)
    monkeypatch.setattr(clock, "now", lambda: now)
    ran(now - HOUR)
    assert roll_up() == now.replace(hour=11, minute=0)
    assert not QueueHour.objects.filter(hour=now.replace(hour=11, minute=0)).exists()
    now += datetime.timedelta(minutes=2)
    assert roll_up() == now.replace(hour=12, minute=0)
    assert row(now.replace(hour=11, minute=0)).completed == 1


def test_hours_missed_while_nothing_ran_are_made_up():
    first = this_hour() - 30 * HOUR
    ran(first)
    ran(first + 29 * HOUR)
    roll_up()
    found = QueueHour.objects.filter(queue="default").order_by("hour")
    assert [hour.completed for hour in found] == [1, *[0] * 28, 1]


def test_a_second_run_changes_nothing_though_the_jobs_are_gone():
    ran(this_hour() - HOUR / 2)
    roll_up()
    before = list(QueueHour.objects.order_by("pk").values())
    Job.objects.all().delete()
    roll_up()
    assert list(QueueHour.objects.order_by("pk").values()) == before


def test_a_parents_time_is_not_counted_beside_its_childrens():
    middle = this_hour() - HOUR / 2
    parent = ran(middle, run=600, handed_over=True)
    ran(middle, run=10, parent=parent)
    roll_up()
    counted = row(this_hour() - HOUR)
    assert counted.completed == 2
    assert counted.run_p95 == pytest.approx(10, abs=0.01)


def test_nothing_ever_done_is_nothing_to_count():
    assert roll_up() == this_hour()
    assert not QueueHour.objects.exists()


def test_an_hour_has_the_cost_of_the_jobs_that_ended_in_it(settings):
    middle = this_hour() - HOUR / 2
    for job in (ran(middle), dead_letter(finished_at=middle), ran(middle, queue="blog")):
        AICall.objects.create(job_id=job.pk, provider="a", milliseconds=1, outcome="ok", cost=Decimal("0.25"))
    roll_up()
    assert [row(this_hour() - HOUR, queue).cost for queue in ("default", "blog", "mail")] == [0.5, 0.25, 0]


def test_without_anybody_who_knows_prices_there_is_no_cost(settings):
    settings.JOB_COST = ""
    ran(this_hour() - HOUR / 2)
    roll_up()
    assert row(this_hour() - HOUR).cost is None
