"""The network to Redis vanishes without a word: no FIN, no RST, and what was open is never answered again."""

import asyncio
from threading import Thread

import pytest

from queues import bell, hub, services, topics
from queues.hub import LOOK_AGAIN, Hub
from queues.models import Job
from queues.states import FINAL, JobState
from tests import services as servers
from tests.engine.models import Effect
from tests.live import run
from tests.processes import wait_until
from tests.proxy import Proxy


@pytest.fixture
def network(settings):
    """The way to Redis."""
    proxy = Proxy(servers.redis.url)
    settings.REDIS_URL = proxy.url
    bell.client.cache_clear()
    yield proxy
    bell.client.cache_clear()
    proxy.close()


async def next_of(stream: hub.Stream, wanted: str) -> None:
    while await anext(stream) != wanted:
        pass


async def announced(topic: str, stream: hub.Stream) -> None:
    """Announce until it is heard: what is said before the subscription, or to a dead one, is lost."""
    hearing = asyncio.create_task(next_of(stream, topic))
    while not hearing.done():
        await asyncio.to_thread(bell.publish, topics.CHANNEL, f"{topic}\n{topic}")
        await asyncio.sleep(0.02)


def test_the_live_streams_hear_again(network, monkeypatch):
    monkeypatch.setattr(hub, "SILENCE", 0.2)
    switchboard = Hub()

    async def listen() -> None:
        listening = asyncio.create_task(switchboard.listen())
        with switchboard.stream("job:1", "job:2") as stream:
            async with asyncio.timeout(20):
                await announced("job:1", stream)
                subscriptions = network.accepted
                await asyncio.sleep(1)  # quiet, but well
                assert network.accepted == subscriptions
                network.lose()
                network.restore()
                bell.client.cache_clear()
                await next_of(stream, LOOK_AGAIN)
                await announced("job:2", stream)
        listening.cancel()

    run(listen())


def test_a_dispatchers_ear_hears_again(network, monkeypatch):
    monkeypatch.setattr(bell, "ASK_SECONDS", 0.2)
    monkeypatch.setattr(bell, "ANSWER_SECONDS", 0.2)
    ear = bell.Listener()
    ear.wait(0.1)
    first = ear._pubsub
    for _ in range(10):  # quiet, but well
        ear.wait(0.1)
    assert ear._pubsub is first
    network.lose()
    network.restore()
    wait_until(lambda: ear.wait(0.1) or ear._pubsub not in (first, None), 20)
    bell.client.cache_clear()
    listening = Thread(target=ear.wait, args=(60,))
    listening.start()
    wait_until(lambda: bell.ring() or not listening.is_alive(), 20)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_a_worker_consumes_again_and_nothing_is_lost_or_done_twice(network, start_worker, tmp_path):
    gate = tmp_path / "open"
    worker = start_worker(REDIS_URL=network.url, WORKER_THREADS="4", DJANGO_SETTINGS_MODULE="tests.impatient")
    names = [f"job-{number}" for number in range(8)]
    for name in names[:2]:
        services.enqueue("engine.hold_until", args={"name": name, "gate": str(gate)})
    wait_until(lambda: Job.objects.filter(state=JobState.ACTIVE).count() == 2)
    network.lose()
    bell.client.cache_clear()
    for name in names[2:5]:
        services.enqueue("engine.write", args={"name": name})
    gate.touch()
    wait_until(lambda: Job.objects.filter(state=JobState.COMPLETED).count() == 2)
    network.restore()
    bell.client.cache_clear()
    for name in names[5:]:
        services.enqueue("engine.write", args={"name": name})
    wait_until(lambda: not Job.objects.exclude(state__in=FINAL).exists(), 90)
    assert sorted(Effect.objects.values_list("name", flat=True)) == names
    assert worker.process.poll() is None, worker.output()[-2000:]
