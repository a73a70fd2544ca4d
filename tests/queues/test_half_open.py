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


def test_the_live_streams_hear_again(network, monkeypatch):
    monkeypatch.setattr(hub, "SILENCE", 0.2)
    switchboard = Hub()

    async def announced(topic: str, stream: hub.Stream) -> None:
        """Announce until it is heard."""
        while True:
            await asyncio.to_thread(bell.publish, topics.CHANNEL, f"{topic}\n{topic}")
            while not stream._messages.empty():
                if await anext(stream) == topic:
                    return
            await asyncio.sleep(0.05)

    async def listen() -> None:
        listening = asyncio.create_task(switchboard.listen())
        with switchboard.stream("job:1", "job:2") as stream:
            assert await anext(stream) == LOOK_AGAIN
            async with asyncio.timeout(20):
                await announced("job:1", stream)
                await asyncio.sleep(1)  # quiet, but well
                assert stream._messages.empty() and not switchboard._deaf
                network.lose()
                network.restore()
                bell.client.cache_clear()
                assert await anext(stream) == LOOK_AGAIN
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
