"""The cache on the real Redis, with real threads and real processes that want the same at once."""

import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from aiproviders import shared
from aiproviders.shared import client
from content import cache
from content.cache import entries, lock
from content.cache.counters import PREFIX
from tests.forks import Forked
from tests.processes import wait_until

AT_ONCE = 50
PROCESS = """
import django, json, sys
django.setup()
from content import cache
from aiproviders.shared import client
def load():
    client().incr("test:loads")
    client().blpop("test:gate", 20)
    return {"text": "made once"}
found = cache.get_or_set("article:7:view", load, kind="article", patience=20)
print(json.dumps([found.value, found.cached]))
"""


@pytest.fixture(autouse=True)
def empty(monkeypatch):
    monkeypatch.setattr(shared, "_silent_until", 0.0)
    client().delete(*client().keys("copydesk:cache*"), "test:loads", "test:gate")


def get(key="article:7:view", load=lambda: 1, **options):
    return cache.get_or_set(key, load, kind="article", **options)


def test_a_value_is_made_once_and_kept_for_the_time_of_its_kind():
    assert (get(load=lambda: {"a": None}).value, get(load=lambda: 2).value) == ({"a": None}, {"a": None})
    assert 0 < client().ttl(PREFIX + "article:7:view") <= 300
    assert client().keys(PREFIX + "*:lock") == []


def test_fifty_threads_at_once_make_it_once():
    calls, barrier, gate = [], threading.Barrier(AT_ONCE), threading.Event()

    def load():
        calls.append(1)
        gate.wait(20)
        return "made"

    def ask(_):
        barrier.wait(20)
        return get(load=load, patience=20)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = [pool.submit(ask, number) for number in range(AT_ONCE)]
        wait_until(lambda: calls)
        gate.set()
        found = [future.result() for future in running]
    assert (len(calls), {answer.value for answer in found}) == (1, {"made"})
    assert sum(not answer.cached for answer in found) == 1


def test_processes_at_once_make_it_once(tmp_path):
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    program, logs = tmp_path / "asks.py", [tmp_path / f"{number}.log" for number in range(4)]
    program.write_text(PROCESS)
    processes = [Forked((str(program),), env, log) for log in logs]
    wait_until(lambda: client().get("test:loads"), 30)
    client().rpush("test:gate", "go")
    assert [process.wait(40) for process in processes] == [0] * 4
    answers = [json.loads(log.read_text()) for log in logs]
    assert client().get("test:loads") == "1"
    assert sorted(cached for _, cached in answers) == [False, True, True, True]
    assert all(value == {"text": "made once"} for value, _ in answers)


def test_who_has_waited_long_enough_makes_it_itself_and_stores_nothing():
    client().set(PREFIX + "article:7:view:lock", "another's", px=60_000)
    assert get(load=lambda: "own", patience=0.1) == entries.Found("own", cached=False)
    assert client().get(PREFIX + "article:7:view") is None
    assert client().get(PREFIX + "article:7:view:lock") == "another's"


def test_a_holder_that_was_killed_holds_nobody_up_for_longer_than_its_lock():
    client().set(PREFIX + "article:7:view:lock", "killed", px=100)
    assert get(load=lambda: "next", patience=20).value == "next"
    assert client().get(PREFIX + "article:7:view") == '"next"'


def test_a_lock_is_kept_for_as_long_as_its_holder_works(monkeypatch):
    monkeypatch.setattr(lock, "EXPIRES", 0.3)
    monkeypatch.setattr(lock, "_EXPIRES_MS", 300)
    beats = []

    def load():
        for _ in range(3):  # three times as long as it would live alone
            before = client().pttl(PREFIX + "article:7:view:lock")
            wait_until(lambda before=before: client().pttl(PREFIX + "article:7:view:lock") != before)
            threading.Event().wait(0.3)
            beats.append(client().exists(PREFIX + "article:7:view:lock"))
        return "slow"

    get(load=load)
    assert beats == [1, 1, 1]
    assert client().get(PREFIX + "article:7:view") == '"slow"'


def test_an_error_is_raised_keeps_nothing_and_gives_the_turn_to_the_next():
    with pytest.raises(ZeroDivisionError):
        get(load=lambda: 1 / 0)
    assert client().keys(PREFIX + "*") == []
    assert get(load=lambda: "well", patience=0).value == "well"


@pytest.mark.parametrize("pattern", ["article:7:*", "article:7:view"])
def test_what_was_read_before_a_change_is_not_stored_after_it(pattern):
    def load():
        cache.delete(pattern)  # somebody saves the article while we have read the old one
        return "old"

    assert get(load=load).value == "old"
    assert client().get(PREFIX + "article:7:view") is None


def test_what_was_stored_between_a_look_and_the_lock_is_not_made_again():
    turn = lock.Lock(PREFIX + "article:7:view" + entries.LOCK)
    assert turn.take()
    client().set(PREFIX + "article:7:view", '"theirs"')
    found = entries._loaded("article:7:view", lambda: "ours", "article", turn)
    assert (found.value, found.cached) == ("theirs", True)
    assert client().get(PREFIX + "article:7:view") == '"theirs"'


def test_deleting_by_pattern_takes_these_and_no_others():
    for number in range(1200):
        client().set(f"{PREFIX}article:7:{number}", "1")
    client().set(PREFIX + "article:70:view", "1")
    assert cache.delete("article:7:*") == 1200
    assert client().keys(PREFIX + "*") == [PREFIX + "article:70:view"]
    assert cache.delete("article:7:*") == 0


def test_what_cannot_be_read_is_made_again():
    client().set(PREFIX + "article:7:view", "{not json")
    assert cache.get("article:7:view", kind="article") is None
    assert get(load=lambda: "new", patience=0).value == "new"


def test_without_redis_everything_is_made_anew_and_nothing_fails(settings, monkeypatch, caplog):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    for function in (shared.client, shared.script):
        function.cache_clear()
    try:
        assert [get(load=lambda: "own").value, get(load=lambda: "again").value] == ["own", "again"]
        assert (cache.delete("article:*"), cache.stats().available) == (0, False)
        assert caplog.text.count("Redis is away") == 1
    finally:
        for function in (shared.client, shared.script):
            function.cache_clear()
        shared._away, shared._silent_until = False, 0.0
