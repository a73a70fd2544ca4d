import threading
import uuid

import pytest

from aiproviders import limits
from aiproviders.limits import correct, take
from tests.processes import wait_until


@pytest.fixture
def key() -> str:
    """A key's fingerprint that no other test uses."""
    return uuid.uuid4().hex


def allow(settings, *, requests: int = 0, tokens: int = 0) -> None:
    settings.AI_RATE_LIMITS = {"openai": (requests, tokens)}


def test_a_provider_that_is_not_named_has_no_limit(settings):
    settings.AI_RATE_LIMITS = {"groq": (1, 1)}
    assert limits.hold("groq") and not limits.hold("openai")


def test_the_request_too_many_is_told_how_long_to_wait(settings, key):
    allow(settings, requests=3)
    assert [take("openai", key, tokens=1).wait for _ in range(3)] == [0, 0, 0]
    assert 59 < take("openai", key, tokens=1).wait <= 60


def test_every_key_has_a_limit_of_its_own(settings, key):
    allow(settings, requests=1)
    assert take("openai", key, tokens=1).wait == 0
    assert take("openai", uuid.uuid4().hex, tokens=1).wait == 0
    assert take("openai", key, tokens=1).wait > 0


def test_tokens_are_counted_over_all_calls(settings, key):
    allow(settings, tokens=1000)
    assert take("openai", key, tokens=600).wait == 0
    assert take("openai", key, tokens=500).wait > 0
    assert take("openai", key, tokens=400).wait == 0
    assert take("openai", key, tokens=1).wait > 0


def test_what_a_call_did_not_use_is_there_for_the_next(settings, key):
    allow(settings, tokens=1000)
    first = take("openai", key, tokens=900)
    assert take("openai", key, tokens=500).wait > 0
    correct(first, tokens=100)
    assert take("openai", key, tokens=900).wait == 0
    assert take("openai", key, tokens=1).wait > 0


def test_what_a_call_used_beyond_its_estimate_counts(settings, key):
    allow(settings, tokens=1000)
    correct(take("openai", key, tokens=100), tokens=950)
    assert take("openai", key, tokens=100).wait > 0


def test_a_call_bigger_than_a_minute_may_begin_when_nothing_else_does(settings, key):
    allow(settings, tokens=1000)
    assert take("openai", key, tokens=5000).wait == 0
    assert take("openai", key, tokens=1).wait > 0


def test_the_wait_ends_when_the_oldest_call_leaves_the_window(settings, key, monkeypatch):
    monkeypatch.setattr(limits, "WINDOW", 300)
    allow(settings, requests=2, tokens=100)
    assert [take("openai", key, tokens=50).wait for _ in range(2)] == [0, 0]
    assert 0 < take("openai", key, tokens=50).wait <= 0.3
    wait_until(lambda: take("openai", key, tokens=50).wait == 0)


def test_a_big_call_waits_for_as_many_small_ones_as_it_needs(settings, key):
    allow(settings, tokens=300)
    for _ in range(150):
        take("openai", key, tokens=2)
    for tokens in (10, 290):
        assert 55 < take("openai", key, tokens=tokens).wait <= 60
    assert take("openai", key, tokens=300).wait >= take("openai", key, tokens=2).wait


def test_nothing_is_left_over_after_many_windows(settings, key, monkeypatch):
    monkeypatch.setattr(limits, "WINDOW", 20)
    allow(settings, tokens=100)
    for _ in range(20):
        wait_until(lambda: take("openai", key, tokens=100).wait == 0)
        take("openai", key, tokens=60)


def test_a_hundred_threads_start_exactly_what_is_allowed(settings, key):
    allow(settings, requests=40, tokens=3500)
    waits, gate = [], threading.Barrier(20)

    def work():
        gate.wait()
        waits.extend(take("openai", key, tokens=100).wait for _ in range(5))

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(waits) == 100
    assert waits.count(0) == 35
