"""Which connection serves whom: a server that tells the port its client came from, and closes when asked to."""

import contextlib
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest

from aiproviders.backends import lanes
from aiproviders.base import Endpoint
from aiproviders.deadline import Deadline
from aiproviders.secret import Secret
from tests.processes import wait_until


class Port(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers)))
        if self.path == "/vanish":
            self.close_connection = True
            return
        if self.path == "/wait":
            self.server.gate.wait(20)
        body = str(self.client_address[1]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Set-Cookie", "session=of-somebody; Path=/")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.path == "/close"

    def log_message(self, *_):
        pass


class Closing(ThreadingHTTPServer):
    """Counts the connections that it has closed."""

    def close_request(self, request):
        super().close_request(request)
        self.closed += 1


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(lanes, "_lanes", lanes._Lanes())
    server = Closing(("127.0.0.1", 0), Port)
    server.daemon_threads, server.block_on_close = True, False
    server.seen, server.closed, server.gate = [], 0, threading.Event()
    server.base_url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server
    lanes._lanes.close()
    server.gate.set()
    server.shutdown()
    server.server_close()


def to(server, key: str = "key") -> Endpoint:
    return Endpoint("test", base_url=server.base_url, key=Secret(key))


def port(server, path: str = "/", key: str = "key") -> str:
    deadline = Deadline(20)
    with lanes.lane(to(server, key), deadline) as lane, deadline:
        return lane.client.get(f"{server.base_url}{path}").text


def test_calls_with_one_key_use_one_connection(server):
    assert port(server) == port(server) == port(server)


def test_two_keys_never_share_a_connection(server):
    first = port(server, key="one")

    assert port(server, key="two") != first
    assert port(server, key="one") == first


def test_calls_at_the_same_time_have_a_connection_each(server):
    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(port, server, "/wait") for _ in range(8)]
        wait_until(lambda: len(server.seen) == 8)
        server.gate.set()

    assert len({call.result() for call in calls}) == 8


def test_a_connection_the_server_has_closed_is_replaced_before_anything_is_sent(server):
    first = port(server, "/close")
    wait_until(lambda: server.closed == 1)

    assert port(server) != first
    assert len(server.seen) == 2


def test_a_request_is_not_sent_again_when_a_kept_connection_breaks_under_it(server):
    port(server)

    with pytest.raises(httpx2.RemoteProtocolError):
        port(server, "/vanish")

    assert [path for path, _ in server.seen] == ["/", "/vanish"]


def test_cookies_and_foreign_headers_stay_here(server):
    port(server)
    with lanes.lane(to(server), deadline := Deadline(20)) as lane, deadline:
        lane.client.get(server.base_url, headers={"X-Extra": "1", "Authorization": "Bearer another"})

    sent = {name.lower(): value for name, value in server.seen[-1][1].items()}
    assert sent["authorization"] == "Bearer key"
    assert not {"cookie", "x-extra"} & set(sent)


def test_after_a_failure_the_connection_is_not_used_again(server):
    first = port(server)
    with pytest.raises(ValueError), lanes.lane(to(server), Deadline(20)):
        raise ValueError

    assert port(server) != first


def test_connections_nobody_needs_are_closed(server, monkeypatch):
    port(server, key="one")
    monkeypatch.setattr(lanes, "IDLE_SECONDS", -1.0)

    port(server, key="two")

    wait_until(lambda: server.closed)
    assert len(lanes._lanes) == 1


def test_no_more_than_so_many_connections_are_kept(server, monkeypatch):
    monkeypatch.setattr(lanes, "MOST_IDLE", 2)

    for key in ("one", "two", "three", "four"):
        port(server, key=key)

    wait_until(lambda: server.closed == 2)
    assert len(lanes._lanes) == 2


def test_a_fork_leaves_its_parents_connections_alone(server):
    first = port(server)
    child = os.fork()
    if not child:
        with contextlib.suppress(BaseException):
            port(server)
            os._exit(0)
        os._exit(1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert len(server.seen) == 2
    assert port(server) == first
