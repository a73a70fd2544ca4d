"""The attempt's number: whoever comes late, from an attempt that was given up, changes nothing of its successor's."""

import pytest
from django.db import connection

from queues.attempts import claim
from queues.errors import Cancelled, Fail, Superseded, TimedOut
from queues.failure import settle
from queues.leases import beat, held
from queues.ledger import put_back
from queues.models import Attempt, Job, Step
from queues.running import RunningJob
from queues.services import enqueue
from queues.states import JobState
from tests.engine.models import Effect
from tests.factories import claimed, dispatched, running_job

pytestmark = [pytest.mark.django_db, pytest.mark.database]

LATE = {
    "settles an error": lambda job: settle(job, ValueError("late")),
    "fails for good": lambda job: settle(job, Fail("late")),
    "is cancelled": lambda job: settle(job, Cancelled()),
    "is given back": lambda job: put_back(job, JobState.ACTIVE, "late"),
    "was not sent": lambda job: put_back(job, JobState.DISPATCHED, "late"),
}
REFUSED = {
    "completes": lambda running: running.completing().__enter__(),
    "hands over": lambda running: running.handing_over().__enter__(),
    "reports progress": lambda running: running.progress(1, 2, "late"),
    "looks whether to stop": lambda running: running.checkpoint(),
    "begins a step": lambda running: running.step("late", lambda: Effect.objects.create(name="late")),
}


def given_up(kind: str = "engine.fail") -> RunningJob:
    """An attempt that was taken for lost; its job waits under the same number."""
    late = running_job(kind, {"name": "a"})
    assert put_back(late.job, JobState.ACTIVE, "lost")
    return late


def ledger() -> list:
    columns = ("state", "attempts_started", "attempts_made", "progress", "handed_over", "finished_at", "lease_until")
    attempts = Attempt.objects.order_by("number").values_list(
        "number", "worker", "started_at", "finished_at", "outcome"
    )
    return [*Job.objects.values_list(*columns), *attempts]


@pytest.fixture(params=["waits", "is on the wire", "runs"])
def late(request) -> RunningJob:
    """An attempt that was given up, and what became of its job since."""
    late = given_up()
    if request.param == "is on the wire":
        dispatched(Job.objects.get())
    if request.param == "runs":
        claimed(Job.objects.get())
    return late


@pytest.mark.parametrize("act", LATE.values(), ids=LATE)
def test_who_comes_late_changes_nothing(late, act):
    before = ledger()
    act(late.job)
    assert ledger() == before
    assert not Effect.objects.exists()


@pytest.mark.parametrize("act", REFUSED.values(), ids=REFUSED)
def test_who_comes_late_is_refused(late, act):
    before = ledger()
    with pytest.raises(Superseded):
        act(late)
    assert ledger() == before
    assert not Effect.objects.exists() and not Step.objects.exists()


def test_what_who_comes_late_says_is_not_in_the_jobs_history(late):
    before = list(late.job.events.values())
    late.log("Written.")
    assert list(late.job.events.values()) == before


def test_a_stuck_attempt_that_was_settled_says_nothing_any_more():
    stuck = running_job("engine.write", {"name": "a"})
    settle(stuck.job, TimedOut("too long"))
    stuck.log("Written.")
    assert not stuck.job.events.filter(message="Written.").exists()


def test_an_attempt_may_say_something_while_it_completes_and_after():
    running = running_job("engine.write", {"name": "a"})
    with running.completing():
        running.log("One.")
    running.log("Two.", level="warning", data={"a": 1})
    assert list(running.job.events.values_list("message", "level", "data"))[-2:] == [
        ("One.", "info", {}),
        ("Two.", "warning", {"data": {"a": 1}}),
    ]


@pytest.mark.parametrize("again", [False, True], ids=["waits", "is on the wire"])
def test_a_claim_that_is_overtaken_after_its_look_takes_nobody_elses_attempt(again):
    attempt, moved = dispatched(enqueue("engine.write", args={"name": "a"})), []

    def overtake(execute, sql, parameters, many, context):
        found = execute(sql, parameters, many, context)
        if "JOIN queues_attempt" in sql:
            assert put_back(attempt.job, JobState.DISPATCHED, "nobody took it")
            if again:
                dispatched(Job.objects.get())
            moved.extend(ledger())
        return found

    with connection.execute_wrapper(overtake):
        assert claim(str(attempt.pk), "late") is None
    assert moved and ledger() == moved


@pytest.mark.parametrize("again", [False, True], ids=["waits", "runs"])
def test_a_heartbeat_renews_no_lease_but_that_of_its_own_attempt(again):
    late = given_up()
    attempt = str(Attempt.objects.get().pk)
    if again:
        claimed(Job.objects.get())
    before = ledger()
    with held(attempt, late.job):
        beat("test", 1)
    assert ledger() == before


def test_only_the_attempt_that_ends_is_closed():
    given_up()
    lost = Attempt.objects.values().get()
    with RunningJob(claimed(Job.objects.get())).completing():
        pass
    assert Attempt.objects.values().get(number=1) == lost
    assert Attempt.objects.get(number=2).outcome == "completed"
