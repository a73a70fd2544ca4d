"""Canary keys go through whole jobs that fail, in a real worker, with each backend: where do they turn up?"""

import contextlib
import re
import threading

import pytest
import redis
from django.apps import apps
from django.conf import settings as django_settings
from django_celery_results.models import TaskResult

from aiproviders import keys
from aiproviders.models import AICall
from queues.models import Job, Queue
from queues.services import enqueue
from queues.states import FINAL
from tests.aiproviders.conftest import SETTINGS, address
from tests.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
CANARY = "kanari-4b1e77c9"
FAULTS = ["echo-key-400", "echo-key-429", "echo-key-500", "html", "reset", "finish-length"]


def canary(*parts: str) -> str:
    """A key of its own, whose every version holds the same word."""
    return "-".join(["sk", CANARY, *parts, "0" * 8])


@pytest.fixture
def one_try():
    Queue.objects.update_or_create(name="default", defaults={"max_attempts": 1})


@pytest.fixture
def redis_traffic():
    """Every command that anybody sends to Redis during the test: task messages, bells, benches, results."""
    heard, stopping = [], threading.Event()
    client = redis.Redis.from_url(django_settings.REDIS_URL, decode_responses=True)

    def listen():
        with contextlib.suppress(redis.RedisError, OSError, ValueError, AttributeError), client.monitor() as monitor:
            while not stopping.is_set():
                heard.append(monitor.next_command()["command"])

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    wait_until(lambda: client.ping() and heard)
    yield heard
    stopping.set()
    client.ping()
    thread.join()
    client.close()


def database() -> str:
    return "\n".join(str(row) for model in apps.get_models(include_auto_created=True) for row in model.objects.values())


def redis_content() -> str:
    client = redis.Redis.from_url(django_settings.REDIS_URL)
    read = {
        b"string": client.get,
        b"hash": client.hgetall,
        b"list": lambda name: client.lrange(name, 0, -1),
        b"set": client.smembers,
        b"zset": lambda name: client.zrange(name, 0, -1, withscores=True),
    }
    return "\n".join(f"{name} {read[client.type(name)](name)}" for name in client.scan_iter())


def run(worker_of, env: dict, jobs: list[Job]) -> str:
    """Let a worker with `env` end all `jobs`; what it wrote to its log."""
    process = worker_of("canary", LOG_LEVEL="DEBUG", **env)
    wait_until(lambda: Job.objects.filter(state__in=FINAL).count() == len(jobs), 60)
    failed = {str(attempt) for job in jobs for attempt in job.attempts.values_list("pk", flat=True)}
    wait_until(lambda: set(TaskResult.objects.values_list("task_id", flat=True)) >= failed)
    return process.output()


@pytest.mark.parametrize("provider", sorted(SETTINGS))
def test_a_key_is_in_nothing_that_a_failing_job_leaves_behind(
    one_try, redis_traffic, start_worker, fake, settings, django_user_model, provider
):
    env = {SETTINGS[provider]["address"]: address(fake, provider), SETTINGS[provider]["key"]: canary(provider)}
    jobs = [enqueue("engine.ask", args={"name": "house", "model": f"{provider}/echo-key-401"})]
    for fault in FAULTS if keys.takes_key(provider) else []:
        user = django_user_model.objects.create_user(fault)
        keys.save(provider, f" {canary(provider, fault)}\n", user=user)  # pasted with a line break
        jobs.append(enqueue("engine.ask", args={"name": fault, "model": f"{provider}/{fault}", "user_id": user.pk}))
    log = run(start_worker, env, jobs)
    assert set(Job.objects.values_list("state", flat=True)) == {"failed"}
    sent = {request["key"] for request in fake.requests}
    assert sent == {canary(provider), *(canary(provider, fault) for fault in FAULTS[: len(jobs) - 1])}
    assert AICall.objects.filter(job_id__in=[job.pk for job in jobs]).count() == len(fake.requests)
    for place in (database(), redis_content(), "\n".join(redis_traffic), log):
        assert "engine.ask" in place or provider in place
        assert CANARY not in place


@pytest.mark.parametrize("provider", sorted(SETTINGS))
def test_a_key_with_a_line_break_inside_is_sent_nowhere_and_written_nowhere(
    one_try, redis_traffic, start_worker, fake, provider
):
    env = {
        SETTINGS[provider]["address"]: address(fake, provider),
        SETTINGS[provider]["key"]: f"{canary(provider)}\nX-Injected: {canary('second')}",
    }
    job = enqueue("engine.ask", args={"name": "house", "model": f"{provider}/ok"})
    log = run(start_worker, env, [job])
    assert Job.objects.get().error_kind == "auth"
    assert not fake.requests
    for place in (database(), redis_content(), "\n".join(redis_traffic), log):
        assert not re.search(CANARY, place)
