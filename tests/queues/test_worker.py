"""The engine as a whole: real Celery workers, real Redis, kill -9 included."""

import datetime

import pytest
from django.utils import timezone
from django_celery_results.models import TaskResult

from queues.control import cancel
from queues.models import Attempt, Job, Queue, Worker
from queues.services import enqueue
from queues.states import FINAL, JobState
from tests.engine.models import Effect
from tests.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def all_final() -> bool:
    return not Job.objects.exclude(state__in=FINAL).exists()


def effects() -> list[str]:
    return sorted(Effect.objects.values_list("name", flat=True))


def is_active(job: Job) -> bool:
    return Job.objects.filter(pk=job.pk, state=JobState.ACTIVE).exists()


def test_jobs_of_all_endings_end_as_they_should(worker):
    names = [f"job {number:02}" for number in range(20)]
    for name in names:
        enqueue("engine.write", args={"name": name})
    retried = enqueue("engine.retry_once", args={"name": "retried", "after": 0.1})
    failed = enqueue("engine.fail_for_good", args={"name": "x"})
    wait_until(all_final)
    assert effects() == sorted([*names, "retried", "exhausted:x"])
    assert Job.objects.get(pk=retried.pk).attempts_started == 2
    assert Job.objects.get(pk=failed.pk).error_kind == "hopeless"
    attempt = Attempt.objects.get(job=failed)
    wait_until(lambda: TaskResult.objects.filter(task_id=str(attempt.pk), status="FAILURE").exists())
    result = TaskResult.objects.get(task_id=str(attempt.pk))
    assert (result.task_name, result.task_kwargs) == ("engine.fail_for_good", "\"{'name': 'x'}\"")


def test_a_scheduled_job_starts_when_it_is_due(worker):
    due = timezone.now() + datetime.timedelta(seconds=0.5)
    job = enqueue("engine.write", args={"name": "later"}, run_at=due)
    wait_until(all_final)
    job.refresh_from_db()
    assert job.started_at >= due


def test_kill_9_in_the_middle_does_the_job_once(start_worker):
    first = start_worker("one")
    job = enqueue("engine.wait", args={"name": "survivor", "seconds": 2})
    wait_until(lambda: is_active(job))
    first.kill()
    start_worker("two")
    wait_until(all_final, 60)
    assert effects() == ["survivor"]
    job.refresh_from_db()
    assert (job.losses, job.attempts_made) == (1, 0)


def test_sigterm_gives_long_work_back_and_the_next_worker_finishes_it(start_worker):
    first = start_worker("one", WORKER_GRACE_SECONDS="1")
    job = enqueue("engine.wait", args={"name": "long", "seconds": 4})
    wait_until(lambda: is_active(job))
    assert first.terminate() == 0
    job.refresh_from_db()
    assert (job.state, job.losses) == (JobState.WAITING, 0)
    start_worker("two")
    wait_until(all_final)
    assert effects() == ["long"]


def test_sigterm_lets_short_work_finish(start_worker):
    first = start_worker("one", WORKER_GRACE_SECONDS="5")
    job = enqueue("engine.wait", args={"name": "short", "seconds": 1})
    wait_until(lambda: is_active(job))
    first.terminate()
    assert effects() == ["short"]
    assert not Worker.objects.exists()


def test_an_active_job_stops_when_it_is_cancelled(worker):
    job = enqueue("engine.wait", args={"name": "unwanted", "seconds": 30})
    wait_until(lambda: is_active(job))
    cancel(job)
    wait_until(all_final)
    assert effects() == []
    assert Job.objects.get().state == JobState.CANCELLED


def test_a_stuck_attempt_is_settled_and_its_worker_leaves_to_be_started_again(start_worker):
    Queue.objects.update_or_create(name="commentary", defaults={"timeout": 2, "max_attempts": 1})
    first = start_worker("one", WORKER_GRACE_SECONDS="1")
    stuck = enqueue("engine.hang", args={"name": "stuck", "seconds": 60})
    fine = enqueue("engine.write", args={"name": "fine"})
    assert first.process.wait(30) == 1
    stuck.refresh_from_db()
    fine.refresh_from_db()
    assert (stuck.state, stuck.error_kind) == (JobState.FAILED, "timeout")
    assert fine.state == JobState.COMPLETED
    assert effects() == ["fine"]


def test_a_worker_whose_threads_are_all_taken_leaves_what_comes_to_one_that_is_free(start_worker, tmp_path):
    gate = tmp_path / "open"
    for name in ("one", "two"):
        start_worker(name, WORKER_THREADS="1")
    enqueue("engine.hold_until", args={"name": "long", "gate": str(gate)})
    wait_until(lambda: Job.objects.filter(state=JobState.ACTIVE).exists())
    for number in range(8):
        enqueue("engine.write", args={"name": str(number)})
        wait_until(lambda number=number: Effect.objects.filter(name=str(number)).exists(), 20)
    assert set(Attempt.objects.values_list("number", flat=True)) == {1}
    gate.touch()
    wait_until(lambda: Effect.objects.filter(name="long").exists())
