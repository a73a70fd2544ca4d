import datetime

import pytest

from queues import clock
from queues.models import Attempt, Job
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
