import os
import uuid

from aiproviders import shared, windows
from tests.forks import Forked


def test_a_limit_is_exact_across_processes(tmp_path):
    name, limit = uuid.uuid4().hex, 50
    program, logs = tmp_path / "takes.py", [tmp_path / f"{number}.log" for number in range(3)]
    code = f"from aiproviders import windows; print(sum(not windows.take({name!r}, {limit}) for _ in range(40)))"
    program.write_text(f"import django; django.setup(); {code}")
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    running = [Forked((str(program),), env, log) for log in logs]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    assert sum(int(log.read_text()) for log in logs) == limit
    assert 0 < windows.take(name, limit) <= 60


def test_a_place_is_free_again_when_the_oldest_request_is_a_minute_old():
    name = uuid.uuid4().hex
    key = shared.name("requests", name)
    assert [bool(windows.take(name, 2)) for _ in range(3)] == [False, False, True]
    oldest = int(shared.client().lindex(key, 0))
    shared.client().lset(key, 0, oldest - 60_000)
    assert [bool(windows.take(name, 2)) for _ in range(2)] == [False, True]
    assert shared.client().llen(key) == 2
    assert 0 < shared.client().pttl(key) <= 60_000


def test_a_limit_that_was_lowered_holds_at_once():
    name = uuid.uuid4().hex
    assert not any(windows.take(name, 5) for _ in range(5))
    assert windows.take(name, 2)


def test_a_window_may_be_shorter_than_a_minute():
    name = uuid.uuid4().hex
    assert windows.take(name, 1, seconds=1.5) == 0
    assert 0 < windows.take(name, 1, seconds=1.5) <= 1.5
