import datetime
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from queues import clock
from queues.control import cancel
from queues.dispatch import tick
from queues.models import Attempt, Dispatcher, Job
from queues.rescue import MAX_LOSSES, put_back_lost
from queues.services import enqueue
from queues.states import JobState
from tests.engine.models import Effect
from tests.factories import dispatched, running_job

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


def test_a_clock_that_was_put_back_keeps_no_job_from_being_rescued():
    running_job("engine.write", {"name": "a"})
    Job.objects.update(lease_until=clock.now() - SECOND)
    Dispatcher.objects.create(ticked_at=clock.now() + 3600 * SECOND)
    tick()
    assert Job.objects.get().losses == 1


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
