"""A provider's Retry-After, a real worker and the queue: who waits, and who does not."""

import datetime

import pytest

from aiproviders.models import AICall
from queues.models import Attempt, Job
from queues.services import enqueue
from queues.states import FINAL, JobState
from tests.aiproviders.conftest import KEY
from tests.engine.models import Effect
from tests.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def one_slot(start_worker, fake):
    """A worker with a single slot, so that whoever held it would hold up everybody."""
    return start_worker(OPENAI_BASE_URL=fake.url, OPENAI_API_KEY=KEY, WORKER_THREADS="1")


def ask(model: str, *fallbacks: str) -> Job:
    return enqueue("engine.ask", args={"name": model, "model": model, "fallbacks": fallbacks})


def attempts(job: Job) -> list[Attempt]:
    return list(Attempt.objects.filter(job=job).order_by("number"))


def state(job: Job) -> str:
    job.refresh_from_db()
    return job.state


def test_seven_seconds_are_waited_for_by_the_queue_and_nobody_holds_the_slot(one_slot, fake):
    job = ask("openai/fail-1-times-retry-after-7")
    wait_until(lambda: state(job) == JobState.DELAYED)
    assert Job.objects.get(pk=job.pk).attempts_made == 1
    meanwhile = enqueue("engine.write", args={"name": "meanwhile"})
    wait_until(lambda: state(job) in FINAL)
    first, second = attempts(job)
    pause = second.started_at - AICall.objects.earliest("pk").created_at  # written as soon as the provider had answered
    assert first.finished_at < second.started_at
    assert datetime.timedelta(seconds=7) <= pause < datetime.timedelta(seconds=60)  # 60: when no time is named
    meanwhile.refresh_from_db()
    assert meanwhile.finished_at < second.started_at
    assert (job.state, len(fake.requests)) == (JobState.COMPLETED, 2)


def test_a_day_is_not_waited_for_when_another_model_can_write(one_slot, fake):
    jobs = [ask("openai/retry-after-86400", "openai/ok") for _ in range(2)]
    wait_until(lambda: all(state(job) in FINAL for job in jobs))
    assert [len(attempts(job)) for job in jobs] == [1, 1]
    assert [request["model"] for request in fake.requests] == ["retry-after-86400", "ok", "ok"]
    assert Effect.objects.count() == 2


def test_when_every_model_rests_the_job_is_put_back_until_the_first_is_free(one_slot, fake):
    first = ask("openai/retry-after-600", "openai/retry-after-60")
    wait_until(lambda: state(first) == JobState.DELAYED)
    second = ask("openai/retry-after-60", "openai/retry-after-600")
    wait_until(lambda: state(second) == JobState.DELAYED)
    assert (first.attempts_made, second.attempts_made) == (1, 0)
    for job in (first, second):
        wait = job.run_at - attempts(job)[0].finished_at
        assert datetime.timedelta(seconds=50) < wait < datetime.timedelta(seconds=68)
    assert second.error_kind == "rate_limit"
    assert AICall.objects.count() == len(fake.requests) == 2


def test_a_refused_key_ends_the_job_at_once(one_slot, fake):
    job = ask("openai/status-401")
    wait_until(lambda: state(job) in FINAL)
    assert (job.state, job.error_kind, len(attempts(job))) == (JobState.FAILED, "auth", 1)
    assert Effect.objects.get().name == "exhausted:openai/status-401"
