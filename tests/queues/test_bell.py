"""The doorbell holds up nobody, whatever Redis does."""

import contextlib
import socket

import pytest

from queues import bell
from queues.models import Job
from queues.services import enqueue

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mute_redis(settings, monkeypatch):
    """Something that listens where Redis should, and never says a word."""
    monkeypatch.setattr(bell, "SILENCE", 60.0)
    monkeypatch.setattr(bell, "_silent_until", 0.0)  # and back to what it was
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.REDIS_URL = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        bell.client.cache_clear()
        server.setblocking(False)
        yield server
    bell.client.cache_clear()


def callers(server: socket.socket) -> int:
    count = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            server.accept()[0].close()
            count += 1
    return count


def test_a_redis_that_hangs_holds_up_one_request_and_not_every_one(mute_redis):
    for number in range(5):
        enqueue("engine.write", args={"name": str(number)})
    assert callers(mute_redis) == 1
    assert Job.objects.count() == 5
