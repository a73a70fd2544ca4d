"""Canary keys go through whole jobs that fail, in a real worker, with each backend: where do they turn up?"""

import base64
import contextlib
import itertools
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
import redis
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from django_celery_results.models import TaskResult
from rest_framework.test import APIClient

from aiproviders import keys
from aiproviders.models import AICall
from config import ports
from config.celery import app
from queues.models import Job, Queue
from queues.services import enqueue
from queues.states import FINAL
from tests import services
from tests.aiproviders.conftest import PROVIDERS, ROUTER, SETTINGS, address
from tests.processes import wait_until
from tests.systems import ask

pytestmark = pytest.mark.django_db(transaction=True)
CANARY = "kanari-4b1e77c9"
FLOWER_LOGIN = "admin:canary-flower"
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


@pytest.fixture(scope="module")
def flower():
    """A real Flower on the test Redis, for the whole module; looks up an address, or says "" while it has none."""
    port = ports.free_port()
    command = [sys.executable, "-m", "celery", "-A", "config", "flower", "--address=127.0.0.1", f"--port={port}"]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "FLOWER_BASIC_AUTH": FLOWER_LOGIN}
    env |= {"LOG_LEVEL": "ERROR"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=env, start_new_session=True, **quiet)
    services.guard.watch(process.pid)
    login = "Basic " + base64.b64encode(FLOWER_LOGIN.encode()).decode()

    def look(path: str) -> str:
        status, text = ask(f"http://127.0.0.1:{port}/{path}", Authorization=login)
        return text if status == 200 else ""

    try:
        wait_until(lambda: look("api/tasks"), 40)
        yield look
    finally:
        process.terminate()
        process.wait(20)


def flower_pages(look, tasks: set[str]) -> str:
    """All that Flower shows of `tasks` and their workers, once it has heard of the end of each."""

    def all_ended() -> bool:
        told = json.loads(look("api/tasks") or "{}")
        return all(told.get(task, {}).get("state") == "FAILURE" for task in tasks)

    wait_until(all_ended)
    pages = [look(f"task/{task}") for task in tasks] + [look(f"api/task/info/{task}") for task in tasks]
    assert all("Traceback" in page for page in pages)
    return "\n".join([*pages, look("api/tasks"), look("tasks"), look("workers"), look("broker")])


def our_pages(client) -> str:
    """All that the admin and the API tell a superuser about jobs, calls and keys."""
    boss = get_user_model().objects.create_superuser("boss")
    client.force_login(boss)
    api = APIClient()
    api.force_authenticate(boss)
    addresses = ["/admin/", "/admin/settings/ai"]
    for model in ("queues_job", "aiproviders_aicall", "aiproviders_aikey", "django_celery_results_taskresult"):
        addresses.append(reverse(f"admin:{model}_changelist"))
        label, _, name = model.rpartition("_")
        rows = apps.get_model(label, name).objects.all()
        addresses += [reverse(f"admin:{model}_change", args=[row.pk]) for row in rows]
    told = ["/api/jobs", "/api/user/ai-settings"]
    told += [f"/api/jobs/{job.pk}{end}" for job in Job.objects.all() for end in ("", "/events")]
    answers = [client.get(address) for address in addresses] + [api.get(address) for address in told]
    assert {answer.status_code for answer in answers} == {200}
    return "\n".join(answer.content.decode() for answer in answers)


def environment(fake, key_of: Callable[[str], str]) -> dict[str, str]:
    """What points a worker's providers at the fake server, each with `key_of` its name as the house's key."""
    env = {names["address"]: address(fake, provider) for provider, names in SETTINGS.items()}
    return env | {SETTINGS[provider]["key"]: key_of(provider) for provider in SETTINGS}


def house_key(provider: str) -> str:
    return canary("google" if provider == "google-legacy" else provider)  # they share a setting


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


def run(
    worker_of, env: dict, asked: list[dict], *, worker: str = "canary", is_watched: Callable[[], object] = lambda: True
) -> str:
    """Let a worker with `env` do a job for each of `asked`, once it is watched; what it wrote to its log."""
    process = worker_of(worker, LOG_LEVEL="DEBUG", **env)
    wait_until(lambda: app.control.enable_events(reply=True, timeout=1))  # as Flower does every five seconds
    wait_until(is_watched)
    jobs = [enqueue("engine.ask", args=args) for args in asked]
    wait_until(lambda: Job.objects.filter(state__in=FINAL).count() == len(jobs))
    failed = {str(attempt) for job in jobs for attempt in job.attempts.values_list("pk", flat=True)}
    wait_until(lambda: set(TaskResult.objects.values_list("task_id", flat=True)) >= failed)
    return process.output()


def test_a_key_is_in_nothing_that_failing_jobs_leave_behind(
    one_try, flower, redis_traffic, start_worker, fake, client, router, django_user_model
):
    env = environment(fake, house_key) | router
    keys.save(ROUTER, canary(ROUTER))
    asked = [{"name": name, "model": f"{name}/echo-key-401"} for name in PROVIDERS]
    of_users = set()
    for provider, fault in itertools.product(filter(keys.takes_key, PROVIDERS), FAULTS):
        name = f"{provider} {fault}"
        user = django_user_model.objects.create_user(name)
        keys.save(provider, f" {canary(provider, fault)}\n", user=user)  # pasted with a line break
        asked.append({"name": name, "model": f"{provider}/{fault}", "user_id": user.pk})
        of_users.add((fault, canary(provider, fault)))
    # A Flower that answers may not listen (again) yet: it must have heard this very worker's heartbeat.
    log = run(start_worker, env, asked, worker="all", is_watched=lambda: "all@" in flower("workers?json=1"))
    assert set(Job.objects.values_list("state", flat=True)) == {"failed"}
    sent = {(request["model"], request["key"]) for request in fake.requests}
    assert sent == {("echo-key-401", house_key(provider)) for provider in PROVIDERS} | of_users
    assert AICall.objects.exclude(job_id=None).count() == len(fake.requests)
    shown = [flower_pages(flower, set(TaskResult.objects.values_list("task_id", flat=True))), our_pages(client)]
    for place in (*shown, database(), redis_content(), "\n".join(redis_traffic), log):
        assert "engine.ask" in place or "openai" in place
        assert CANARY not in place


def test_a_key_with_a_line_break_inside_is_sent_nowhere_and_written_nowhere(
    one_try, flower, redis_traffic, start_worker, fake, client
):
    env = environment(fake, lambda provider: f"{house_key(provider)}\nX-Injected: {canary('second')}")
    log = run(start_worker, env, [{"name": "house", "model": f"{provider}/ok"} for provider in sorted(SETTINGS)])
    assert [job.error_kind for job in Job.objects.all()] == ["auth"] * len(SETTINGS)
    assert not fake.requests
    shown = [flower_pages(flower, set(TaskResult.objects.values_list("task_id", flat=True))), our_pages(client)]
    for place in (*shown, database(), redis_content(), "\n".join(redis_traffic), log):
        assert not re.search(CANARY, place)
