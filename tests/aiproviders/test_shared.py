import logging
import uuid

import pytest
import redis

from aiproviders import benches, limits, shared
from tests.processes import wait_until


@pytest.fixture
def redis_away(monkeypatch):
    """No Redis at the address; everything as before afterwards."""
    away = redis.Redis(host="127.0.0.1", port=9, socket_connect_timeout=1, retry=shared.Retry(shared.NoBackoff(), 0))
    shared.script.cache_clear()
    monkeypatch.setattr(shared, "client", lambda: away)
    monkeypatch.setattr(shared, "_silent_until", 0.0)
    monkeypatch.setattr(shared, "_away", False)
    yield
    shared.script.cache_clear()


def test_without_redis_nothing_rests_and_nobody_waits(redis_away, settings):
    settings.AI_RATE_LIMITS = {"openai": (1, 1)}
    key = uuid.uuid4().hex
    benches.rest_key("openai", key, kind="auth")
    benches.rest_key("openai", key, kind="quota")
    benches.rest_link("openai", "m", key, kind="rate_limit", seconds=60)
    benches.stumbled("openai", "m", key, kind="server")
    benches.lift(key)
    assert benches.bench_of("openai", "m", key) is None
    for _ in range(3):
        taken = limits.take("openai", key, tokens=10)
        assert taken.wait == 0
        limits.correct(taken, tokens=1)


def test_an_outage_is_logged_once_and_not_tried_at_every_call(redis_away, caplog):
    caplog.set_level(logging.WARNING)
    tries = []
    for _ in range(50):
        shared.ask(lambda redis: tries.append(1) or redis.get("x"), otherwise=None)
    assert len(tries) == 1
    assert caplog.text.count("Redis is away") == 1


def test_redis_is_used_again_when_it_is_back(monkeypatch, caplog):
    monkeypatch.setattr(shared, "SILENCE", 0.02)
    monkeypatch.setattr(shared, "_silent_until", 0.0)

    def broken(_):
        raise redis.ConnectionError

    assert shared.ask(broken, otherwise="nothing") == "nothing"
    wait_until(lambda: shared.ask(lambda redis: redis.ping(), otherwise=False))
    assert not shared._away
