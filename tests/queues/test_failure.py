import pytest
from django.db import OperationalError

from queues import clock, failure
from queues.control import cancel, promote, retry
from queues.errors import Cancelled, Fail, Retry, Snooze
from queues.failure import settle
from queues.models import Job
from queues.services import enqueue
from queues.states import JobState
from tests.engine.models import Effect
from tests.factories import claimed, running_job

pytestmark = pytest.mark.django_db


class Busy(Exception):
    retry_after = 30.0
    kind = "rate_limit"


def delay_of(job: Job) -> float:
    return (job.run_at - clock.now()).total_seconds()


def settled(error: Exception, *, made: int = 0, kind: str = "engine.limited") -> Job:
    job = running_job(kind, {"name": "a"}).job
    job.attempts_made = made
    settle(job, error)
    job.refresh_from_db()
    return job


@pytest.mark.parametrize(("made", "seconds"), [(0, 5), (1, 10)])
def test_back_off_follows_the_queues_list(made, seconds):
    job = settled(ValueError("x"), made=made)
    assert job.state == JobState.DELAYED
    assert seconds - 1 < delay_of(job) <= seconds


def test_a_database_that_fails_uses_up_no_try_and_leaves_the_attempt_to_its_lease():
    job = settled(OperationalError("database is locked"))
    assert (job.state, job.attempts_made) == (JobState.ACTIVE, 0)


def test_a_longer_retry_after_wins_over_the_back_off():
    job = settled(Busy("busy"))
    assert 29 < delay_of(job) <= 30
    assert job.error_kind == "rate_limit"


def test_retry_names_its_own_delay():
    assert 0 < delay_of(settled(Retry(after=1))) <= 1


def test_the_last_attempt_makes_a_dead_letter_and_runs_the_hook_once():
    job = settled(ValueError("x"), made=2, kind="engine.fail")
    assert (job.state, job.attempts_made, job.error_message) == (JobState.FAILED, 3, "x")
    assert list(Effect.objects.values_list("name", flat=True)) == ["exhausted:a"]
    settle(job, ValueError("again"))
    assert Effect.objects.count() == 1


def test_a_permanent_error_fails_at_once():
    job = settled(Fail("no way", kind="hopeless"), kind="engine.fail_for_good")
    assert (job.state, job.error_kind, job.attempts_made) == (JobState.FAILED, "hopeless", 1)


@pytest.mark.database
@pytest.mark.parametrize(
    ("error", "stored"),
    [
        (ValueError("NUL \0 in it"), ("ValueError", "NUL  in it")),
        (ValueError("half \ud83d of a pair"), ("ValueError", "half ? of a pair")),
        (type("E" * 80, (Exception,), {})("x"), ("E" * 60, "x")),
    ],
    ids=["NUL", "surrogate", "long name"],
)
def test_an_error_that_does_not_fit_into_a_column_counts_as_any_other(error, stored):
    """Else its job would be tried until it counts as poison, and be paid for each time."""
    job = settled(error)
    assert (job.state, job.attempts_made, job.error_kind, job.error_message) == (JobState.DELAYED, 1, *stored)


@pytest.mark.parametrize("error", [ValueError("x"), Retry(after=3600, counts=False)])
def test_a_job_that_was_asked_to_stop_is_not_tried_again(error):
    job = running_job("engine.limited", {"name": "a"}).job
    assert cancel(job)
    settle(job, error)
    job.refresh_from_db()
    assert (job.state, job.events.last().data) == (JobState.CANCELLED, {"state": "cancelled"})


def test_a_wish_to_cancel_cancels():
    assert settled(Cancelled()).state == JobState.CANCELLED


def test_a_late_attempt_settles_nothing():
    running = running_job("engine.fail", {"name": "a"})
    Job.objects.update(attempts_started=9)
    settle(running.job, Fail("late"))
    assert Job.objects.get().state == JobState.ACTIVE
    assert Effect.objects.count() == 0


def test_a_hook_that_breaks_is_said_aloud_and_the_job_still_fails(monkeypatch, caplog):
    from queues import kinds

    def broken(job):
        Effect.objects.create(name="half done")
        raise RuntimeError("hook")

    monkeypatch.setattr(type(kinds.find("engine.fail")), "on_exhausted", staticmethod(broken))
    job = settled(Fail("no way"), kind="engine.fail")
    assert job.state == JobState.FAILED
    assert "closing hook failed" in job.events.last().message
    assert Effect.objects.count() == 0
    assert "on_exhausted of engine.fail failed" in caplog.text


class Odd(Exception):
    """As of a provider whose answer nobody checked."""

    def __init__(self, seconds):
        super().__init__("Try later.")
        self.retry_after = seconds


@pytest.mark.database
@pytest.mark.parametrize("seconds", [float("inf"), float("nan"), 1e12, 366 * 86400 + 1, "soon"])
@pytest.mark.parametrize("wish", [lambda seconds: Retry("Busy.", after=seconds), Snooze, Odd])
def test_a_pause_that_cannot_be_is_an_error_of_that_job_and_counts(wish, seconds):
    """Else nothing would be written, and its worker would be taken for dead."""
    job = settled(wish(seconds))
    assert (job.state, job.attempts_made, job.error_kind) == (JobState.DELAYED, 1, "ValueError")
    assert f"pause of {seconds!r} seconds" in job.error_message
    assert 4 < delay_of(job) <= 5
    assert settled(wish(seconds), made=2).state == JobState.FAILED


@pytest.mark.parametrize("seconds", [-5, float("-inf")])
def test_a_moment_that_is_over_means_at_once(seconds):
    assert -2 < delay_of(settled(Snooze(seconds))) <= 0


def test_a_job_that_snoozes_for_ever_is_a_dead_letter_in_the_end_and_may_be_retried(monkeypatch):
    monkeypatch.setattr(failure, "MOST_STARTS", 3)
    job = enqueue("engine.fail", args={"name": "a"})
    for number in (1, 2, 3, 4):
        settle(claimed(job), Snooze(0, "Not yet."))
        job.refresh_from_db()
        assert job.attempts_made == 0
        if number == 3:
            assert (job.state, job.error_kind) == (JobState.FAILED, "endless")
            assert "3 starts" in job.error_message and "Not yet." in job.error_message
            assert list(Effect.objects.values_list("name", flat=True)) == ["exhausted:a"]
            assert retry(job)
        else:
            assert job.state == JobState.DELAYED
            assert promote(job)
        job.refresh_from_db()
