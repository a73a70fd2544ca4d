"""The deadline against servers that drip, with and without TLS. A deadline that failed would hang these tests."""

import datetime
import multiprocessing
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from aiproviders.backends import lane, lanes
from aiproviders.base import Endpoint
from aiproviders.deadline import Deadline
from tests.processes import wait_until


class Drip(BaseHTTPRequestHandler):
    """ "/ok" is answered at once and the connection kept; anything else never ends."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.ports.append(self.client_address[1])
        if self.path == "/ok":
            return self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while not self.server.stopping.wait(0.02):
                self.wfile.write(b"x")
        except OSError:
            pass

    def log_message(self, *_):
        pass


def tls_context(folder) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.datetime(2026, 1, 1)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, today, today.replace(year=2099))
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "both.pem").write_bytes(secret + certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context


@pytest.fixture(params=["http", "https"])
def server(request, tmp_path, monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Drip)
    server.daemon_threads, server.block_on_close = True, False
    server.stopping, server.ports = threading.Event(), []
    if request.param == "https":
        server.socket = tls_context(tmp_path).wrap_socket(server.socket, server_side=True)
        monkeypatch.setattr(lane, "tls_settings", lambda: httpx2.create_ssl_context(verify=False))
    server.endpoint = Endpoint("test", base_url=f"{request.param}://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server
    server.stopping.set()
    server.shutdown()
    server.server_close()


def get(server, path: str, deadline: Deadline) -> bytes:
    with lanes.lane(server.endpoint, deadline) as used, deadline:
        return used.client.get(f"{server.endpoint.base_url}{path}").content


def cut_off(server, deadline: Deadline) -> bytes:
    try:
        return get(server, "/endless", deadline)
    except (httpx2.HTTPError, TimeoutError):
        return b""


def test_an_endless_answer_is_cut_off(server):
    body = cut_off(server, deadline := Deadline(0.2))

    assert deadline.passed
    assert len(body) < 1000


def test_an_endless_answer_on_a_connection_used_before_is_cut_off_too(server):
    assert get(server, "/ok", Deadline(20)) == b"ok"

    cut_off(server, deadline := Deadline(0.5))

    assert deadline.passed
    assert server.ports[0] == server.ports[1]


def test_after_a_cut_the_next_call_has_a_connection_of_its_own(server):
    cut_off(server, Deadline(0.1))

    assert get(server, "/ok", Deadline(20)) == b"ok"
    assert server.ports[0] != server.ports[1]


@pytest.mark.parametrize("path", [[], ["/ok"]], ids=["a new connection", "a kept connection"])
def test_a_connection_that_comes_too_late_is_refused_at_once(server, path):
    for ok in path:
        get(server, ok, Deadline(20))
    deadline = Deadline(20)
    deadline.cut()

    with pytest.raises(TimeoutError):
        get(server, "/endless", deadline)

    assert server.ports == server.ports[: len(path)]


def test_what_is_over_is_not_cut_any_more():
    """Its socket may serve another call by then."""
    near, far = socket.socketpair()
    with Deadline(0.05) as first:
        first.follow(near)
    with Deadline(0.1) as second:
        wait_until(lambda: second.passed)

    near.send(b"alive")
    assert not first.passed and far.recv(5) == b"alive"
    near.close(), far.close()


def test_a_shorter_limit_that_comes_later_is_kept():
    with Deadline(60) as long, Deadline(0.05) as short:
        wait_until(lambda: short.passed)

    assert not long.passed


def test_a_forked_process_keeps_limits_too():
    with Deadline(60):
        child = multiprocessing.get_context("fork").Process(target=_passes)
        child.start()
        child.join(20)

    assert child.exitcode == 0


def _passes() -> None:
    with Deadline(0.05) as deadline:
        wait_until(lambda: deadline.passed)
