import socket
from collections.abc import Iterator

import pytest

from queues import bell
from tests.own_redis import MuteRedis, StoppableRedis


@pytest.fixture
def own_redis(tmp_path, settings) -> Iterator[StoppableRedis]:
    """The product's Redis in this test, which may stop it."""
    own = StoppableRedis(tmp_path)
    settings.REDIS_URL = own.server.url
    bell.client.cache_clear()
    yield own
    own.kill()
    bell.client.cache_clear()


@pytest.fixture
def mute_redis(settings, monkeypatch) -> Iterator[MuteRedis]:
    """The product's Redis in this test hangs, and for a minute nobody asks it twice."""
    monkeypatch.setattr(bell, "SILENCE", 60.0)
    monkeypatch.setattr(bell, "_silent_until", 0.0)  # and back to what it was
    with socket.create_server(("127.0.0.1", 0)) as listener:
        mute = MuteRedis(listener)
        settings.REDIS_URL = mute.url
        bell.client.cache_clear()
        yield mute
    bell.client.cache_clear()
