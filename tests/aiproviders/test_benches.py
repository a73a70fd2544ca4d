import threading
import uuid

import pytest

from aiproviders import benches, shared
from aiproviders.benches import bench_of, lift, rest_key, rest_link, stumbled
from tests.processes import wait_until


@pytest.fixture
def key() -> str:
    """A key's fingerprint that no other test uses."""
    return uuid.uuid4().hex


def test_a_link_that_did_nothing_wrong_does_not_rest(key):
    assert bench_of("openai", "m", key) is None


@pytest.mark.parametrize(("asked", "seconds"), [(7, 7), (None, 20), (0, 1), (86_400, 86_400)])
def test_a_link_rests_as_long_as_the_provider_asked(key, asked, seconds):
    rest_link("openai", "m", key, kind="rate_limit", seconds=asked)
    bench = bench_of("openai", "m", key)
    assert bench.kind == "rate_limit"
    assert seconds - 0.9 < bench.seconds <= seconds


def test_other_models_keys_and_providers_go_on(key):
    rest_link("openai", "m", key, kind="overloaded", seconds=60)
    assert bench_of("openai", "other", key) is None
    assert bench_of("groq", "m", key) is None
    assert bench_of("openai", "m", uuid.uuid4().hex) is None


def test_a_short_rest_does_not_cut_a_long_one(key):
    rest_link("openai", "m", key, kind="rate_limit", seconds=600)
    rest_link("openai", "m", key, kind="overloaded", seconds=5)
    assert bench_of("openai", "m", key).seconds > 500
    rest_link("openai", "m", key, kind="overloaded", seconds=900)
    assert bench_of("openai", "m", key).seconds > 800


def test_a_rest_ends_by_itself(key, monkeypatch):
    monkeypatch.setattr(benches, "LEAST_SECONDS", 0.05)
    rest_link("openai", "m", key, kind="rate_limit", seconds=0.05)
    wait_until(lambda: bench_of("openai", "m", key) is None)


def test_the_third_stumble_in_a_minute_is_one_too_many(key):
    for kind in ("timeout", "server"):
        stumbled("openai", "m", key, kind=kind)
        assert bench_of("openai", "m", key) is None
    stumbled("openai", "m", key, kind="connection")
    bench = bench_of("openai", "m", key)
    assert bench.kind == "connection" and 29 < bench.seconds <= 30


def test_stumbles_far_apart_are_forgiven(key, monkeypatch):
    monkeypatch.setattr(benches, "STUMBLE_WINDOW", 0.02)
    counter = shared.name("link", "openai", key, "m") + ":stumbles"
    for _ in range(3):
        stumbled("openai", "m", key, kind="server")
        wait_until(lambda: not shared.client().exists(counter))
    assert bench_of("openai", "m", key) is None


def test_a_refused_key_rests_for_all_models_until_it_is_saved_again(key):
    rest_key("openai", key, kind="auth")
    assert bench_of("openai", "m", key) == bench_of("openai", "n", key) == benches.Bench("auth", None)
    lift(key)
    assert bench_of("openai", "m", key) is None


def test_a_refused_key_is_named_before_a_model_that_is_busy(key):
    rest_link("openai", "m", key, kind="rate_limit", seconds=60)
    rest_key("openai", key, kind="auth")
    assert bench_of("openai", "m", key).kind == "auth"


def test_an_empty_account_rests_twice_as_long_each_time_and_a_day_at_most(key):
    rests = []
    for _ in range(9):
        rest_key("openai", key, kind="quota")
        rests.append(round(bench_of("openai", "m", key).seconds))
        shared.client().delete(shared.name("key", "openai", key))  # the rest is over
    assert rests == [900, 1800, 3600, 7200, 14400, 28800, 57600, 86400, 86400]


def test_many_workers_that_meet_an_empty_account_at_once_met_it_once(key):
    for _ in range(5):
        rest_key("openai", key, kind="quota")
    assert round(bench_of("openai", "m", key).seconds) == 900


def test_an_empty_account_rests_as_long_as_the_provider_asked_if_that_is_longer(key):
    rest_key("openai", key, kind="quota", seconds=4000)
    assert 3990 < bench_of("openai", "m", key).seconds <= 4000


def test_all_workers_see_the_same(key):
    threads = [threading.Thread(target=stumbled, args=("openai", "m", key), kwargs={"kind": "server"}) for _ in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bench_of("openai", "m", key).kind == "server"
