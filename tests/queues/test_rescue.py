import datetime
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from queues import clock
from queues.control import cancel
from queues.dispatch import tick
from queues.models import Attempt, Dispatcher, Job, Worker
from queues.rescue import MAX_LOSSES, put_back_lost
from queues.room import Room
from queues.services import enqueue
from queues.states import JobState
from tests.engine.models import Effect
from tests.factories import dispatched, make_worker, running_job

pytestmark = pytest.mark.django_db

SECOND = datetime.timedelta(seconds=1)


def test_a_job_whose_lease_ran_out_waits_again_at_its_old_place():
    job = running_job("engine.write", {"name": "a"}).job
    put_back_lost(clock.now() + 60 * SECOND)
    after = Job.objects.get()
    assert (after.state, after.losses, after.attempts_made, after.run_at) == (JobState.WAITING, 1, 0, job.run_at)
    assert Attempt.objects.get().outcome == "lost"


def test_a_lost_job_that_was_asked_to_stop_does_not_start_again():
    job = running_job("engine.write", {"name": "a"}).job
    assert cancel(job)
    put_back_lost(clock.now() + 60 * SECOND)
    job.refresh_from_db()
    assert (job.state, job.losses) == (JobState.CANCELLED, 1)


@pytest.fixture(params=[-3600, 40, 3600], ids=["clock put back", "database away", "clock put forward"])
def gap(request):
    """By what the database's clock differs from the dispatcher's last look, as far as a running job can tell."""
    running_job("engine.write", {"name": "a"})
    Dispatcher.objects.create(ticked_at=clock.now() - request.param * SECOND)
    Job.objects.update(lease_until=clock.now() + (20 - request.param) * SECOND)
    return request.param


@pytest.mark.database
def test_nobody_loses_work_because_the_database_was_away_or_its_clock_was_set(gap):
    """Who could not renew a lease meanwhile is given the time to do it now."""
    tick()
    put_back_lost(clock.now() + 10 * SECOND)
    job = Job.objects.get()
    assert (job.state, job.losses) == (JobState.ACTIVE, 0)


@pytest.mark.database
def test_who_does_not_renew_it_then_is_lost_whatever_the_clock_said_before(gap):
    tick()
    tick()
    put_back_lost(clock.now() + 20 * SECOND)
    job = Job.objects.get()
    assert (job.state, job.losses) == (JobState.WAITING, 1)


@pytest.mark.database
def test_a_clock_that_was_put_back_holds_up_no_limited_queue_beyond_its_window(settings):
    """Nothing is sent to workers that died since, and what nobody claimed is missed in time."""
    settings.QUEUES = settings.QUEUES | {"commentary": {"rate": (1, 60)}}
    make_worker()
    started, unclaimed = running_job("engine.limited", {"name": "a"}).job, enqueue("engine.write", args={"name": "b"})
    dispatched(unclaimed)
    later = clock.now() + 3600 * SECOND
    Attempt.objects.update(dispatched_at=later)
    Attempt.objects.filter(job=started).update(started_at=later)
    Job.objects.filter(pk=unclaimed.pk).update(dispatched_at=later)
    Worker.objects.update(last_seen=later)
    Dispatcher.objects.create(ticked_at=later)
    waits = enqueue("engine.limited", args={"name": "c"})
    tick()
    now = clock.now()
    assert not Room(now + 50 * SECOND).of("commentary")  # it has started at some time before
    Worker.objects.update(last_seen=now + 61 * SECOND)
    assert Room(now + 61 * SECOND).of("commentary") == 1
    put_back_lost(now + 31 * SECOND)
    unclaimed.refresh_from_db()
    waits.refresh_from_db()
    assert (unclaimed.state, waits.state) == (JobState.WAITING, JobState.WAITING)


@pytest.mark.database
def test_after_a_clock_was_put_back_a_dead_worker_is_not_taken_for_a_living_one():
    make_worker()
    Worker.objects.update(last_seen=clock.now() + 3600 * SECOND)
    Dispatcher.objects.create(ticked_at=clock.now() + 3600 * SECOND)
    tick()
    assert Worker.objects.get().last_seen <= clock.now()


def test_a_living_lease_is_left_alone():
    running_job("engine.write", {"name": "a"})
    put_back_lost(clock.now())
    assert Job.objects.get().state == JobState.ACTIVE


def test_a_message_nobody_claimed_goes_back_after_30_seconds():
    dispatched(enqueue("engine.write", args={"name": "a"}))
    put_back_lost(clock.now() + 29 * SECOND)
    assert Job.objects.get().state == JobState.DISPATCHED
    put_back_lost(clock.now() + 31 * SECOND)
    assert Job.objects.get().state == JobState.WAITING
    assert Attempt.objects.get().outcome == "lost"


def test_a_job_that_keeps_losing_its_worker_fails_as_poison_with_its_hook():
    running_job("engine.fail", {"name": "a"})
    Job.objects.update(losses=MAX_LOSSES - 1)
    put_back_lost(clock.now() + 60 * SECOND)
    job = Job.objects.get()
    assert (job.state, job.error_kind) == (JobState.FAILED, "poison")
    assert Effect.objects.get().name == "exhausted:a"


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_a_job_that_somebody_holds_locked_keeps_no_other_from_being_rescued():
    """A machine that vanished in the middle of a completion holds its job's row until the network gives up."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite locks no rows")
    held, other = (running_job("engine.write", {"name": name}).job for name in ("held", "other"))
    locked, go_on = Event(), Event()

    def complete() -> None:
        with transaction.atomic():
            Job.objects.select_for_update().get(pk=held.pk)
            locked.set()
            go_on.wait(20)
        connection.close()

    completing = Thread(target=complete)
    completing.start()
    locked.wait(20)
    put_back_lost(clock.now() + 60 * SECOND)
    assert completing.is_alive()
    go_on.set()
    completing.join(20)
    assert {job.pk: job.state for job in Job.objects.all()} == {held.pk: JobState.ACTIVE, other.pk: JobState.WAITING}
