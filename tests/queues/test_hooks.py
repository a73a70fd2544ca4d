"""Hooks of kinds that break. Whatever they do, the job has ended, the others go on, and staff can see it."""

import datetime
from contextlib import suppress

import pytest
from django.db import IntegrityError, OperationalError

from queues import clock
from queues.dispatch import tick
from queues.kinds import find
from queues.models import Job
from queues.rescue import MAX_LOSSES, put_back_lost
from queues.running import RunningJob
from queues.services import enqueue
from queues.states import JobState
from tests.engine.models import Effect
from tests.factories import claimed, make_worker, running_job

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
ERRORS = [RuntimeError("a bug"), IntegrityError("a row that cannot be")]


@pytest.fixture(params=ERRORS, ids=lambda error: type(error).__name__)
def broken(request, monkeypatch):
    """Every hook writes something and raises."""

    def hook(job):
        Effect.objects.create(name="half done")
        raise request.param

    monkeypatch.setattr(type(find("engine.fail")), "on_exhausted", staticmethod(hook))
    monkeypatch.setattr(type(find("engine.batch")), "on_children_done", staticmethod(hook))


def lose_for_the_last_time(job: Job) -> None:
    past = clock.now() - datetime.timedelta(minutes=1)
    Job.objects.filter(pk=job.pk).update(losses=MAX_LOSSES - 1, lease_until=past)


def dispatcher_goes_on() -> bool:
    make_worker()
    other = enqueue("engine.write", args={"name": "other"})
    for _ in range(2):  # the very first tick only makes the dispatcher's row
        with suppress(OperationalError):
            tick()
    other.refresh_from_db()
    return other.state == JobState.DISPATCHED


def noted(job: Job) -> bool:
    return job.events.filter(level="error", message="Its closing hook failed: see the log.").exists()


def parent_of_one() -> tuple[Job, Job]:
    parent = RunningJob(claimed(enqueue("engine.batch", args={"name": "b", "count": 1})))
    with parent.handing_over():
        child = enqueue("engine.write", args={"name": "child"}, parent=parent.job)
    return parent.job, child


def test_poison_with_a_broken_hook_fails_and_the_dispatcher_goes_on(broken):
    poison = running_job("engine.fail", {"name": "a"}).job
    lose_for_the_last_time(poison)
    assert dispatcher_goes_on()
    poison.refresh_from_db()
    assert (poison.state, poison.error_kind) == (JobState.FAILED, "poison")
    assert noted(poison) and not Effect.objects.exists()


def test_poison_whose_hook_finds_no_database_stays_until_it_does_and_the_dispatcher_goes_on(monkeypatch):
    def hook(job):
        raise OperationalError("database is locked")

    monkeypatch.setattr(type(find("engine.fail")), "on_exhausted", staticmethod(hook))
    poison = running_job("engine.fail", {"name": "a"}).job
    lose_for_the_last_time(poison)
    assert dispatcher_goes_on()
    poison.refresh_from_db()
    assert poison.state == JobState.ACTIVE
    monkeypatch.undo()
    put_back_lost(clock.now())
    poison.refresh_from_db()
    assert poison.state == JobState.FAILED
    assert Effect.objects.get().name == "exhausted:a"


def test_a_poisoned_child_ends_its_parent_and_the_dispatcher_goes_on(broken):
    parent, child = parent_of_one()
    lose_for_the_last_time(claimed(child))
    assert dispatcher_goes_on()
    parent.refresh_from_db()
    assert (parent.state, noted(parent)) == (JobState.COMPLETED, True)


def test_a_childs_work_counts_though_its_parents_hook_is_broken(broken):
    parent, child = parent_of_one()
    with RunningJob(claimed(child)).completing():
        Effect.objects.create(name="work")
    parent.refresh_from_db()
    assert (parent.state, noted(parent)) == (JobState.COMPLETED, True)
    assert Effect.objects.get().name == "work"


def test_a_parent_whose_kind_is_gone_ends_with_its_children():
    parent, child = parent_of_one()
    Job.objects.filter(pk=parent.pk).update(kind="engine.gone")
    with RunningJob(claimed(child)).completing():
        pass
    parent.refresh_from_db()
    assert (parent.state, noted(parent)) == (JobState.COMPLETED, True)
