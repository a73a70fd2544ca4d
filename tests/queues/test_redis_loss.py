"""Redis is only the wire: it may stop, restart or forget everything, and no job is lost or done twice."""

import signal
import time

import pytest
import redis

from queues import services
from queues.models import Job, Worker
from queues.states import FINAL, JobState
from tests.engine.models import Effect
from tests.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def ask(count: int, *, seconds: float) -> list[str]:
    names = [f"{seconds}-{number:03}" for number in range(count)]
    for name in names:
        services.enqueue("engine.hold", args={"name": name, "seconds": seconds})
    return names


def active() -> int:
    return Job.objects.filter(state=JobState.ACTIVE).count()


def done_once(names: list[str]) -> None:
    wait_until(lambda: not Job.objects.exclude(state__in=FINAL).exists(), 90)
    assert sorted(Effect.objects.values_list("name", flat=True)) == sorted(names)


def test_redis_dies_under_200_running_attempts_and_the_same_worker_goes_on(own_redis, start_worker, tmp_path):
    worker = start_worker(REDIS_URL=own_redis.server.url, WORKER_THREADS="200")
    gate = tmp_path / "open"
    names = [f"held-{number:03}" for number in range(200)]
    for name in names:
        services.enqueue("engine.hold_until", args={"name": name, "gate": str(gate)})
    wait_until(lambda: active() == 200, 60)
    own_redis.kill()
    gone_at = time.monotonic()
    names += ask(5, seconds=0.1)  # asking works while Redis is away
    wait_until(lambda: time.monotonic() - gone_at > 4)  # long enough for every connection to notice
    own_redis.start()
    gate.touch()
    done_once(names)
    assert worker.process.poll() is None, worker.output()[-2000:]
    names += ask(20, seconds=0.1)
    done_once(names)


def test_redis_that_forgets_everything_loses_no_job(own_redis, start_worker):
    start_worker(REDIS_URL=own_redis.server.url, WORKER_THREADS="4")
    names = ask(12, seconds=0.5)
    wait_until(lambda: active() > 0)
    redis.Redis.from_url(own_redis.server.url).flushall()
    done_once(names)


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGSTOP], ids=["away", "silent"])
@pytest.mark.parametrize("held", [[], ["held"]], ids=["idle", "busy"])
def test_a_worker_can_be_stopped_while_redis_is_gone(own_redis, start_worker, held, signum):
    worker = start_worker(REDIS_URL=own_redis.server.url, WORKER_GRACE_SECONDS="2")
    for name in held:
        services.enqueue("engine.hold", args={"name": name, "seconds": 60})
    wait_until(lambda: active() == len(held))
    own_redis.process.send_signal(signum)
    assert worker.terminate() == 0
    assert not Job.objects.exclude(state=JobState.WAITING).exists()
    assert not Worker.objects.exists()
