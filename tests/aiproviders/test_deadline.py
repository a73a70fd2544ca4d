"""The deadline against servers that drip, with and without TLS. A deadline that failed would hang these tests."""

import datetime
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from aiproviders.deadline import Deadline


class Drip(BaseHTTPRequestHandler):
    def do_GET(self):
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
def address(request, tmp_path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Drip)
    server.daemon_threads, server.block_on_close, server.stopping = True, False, threading.Event()
    if request.param == "https":
        server.socket = tls_context(tmp_path).wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"{request.param}://127.0.0.1:{server.server_port}"
    server.stopping.set()
    server.shutdown()
    server.server_close()


def test_an_endless_answer_is_cut_off(address):
    with Deadline(0.2) as deadline:
        client = httpx2.Client(verify=False, trust_env=False, timeout=60, event_hooks={"request": [deadline.watch]})
        try:
            body = client.get(address).content
        except httpx2.HTTPError:
            body = b""
        client.close()

    assert deadline.passed
    assert len(body) < 1000


def test_a_connection_that_comes_too_late_is_cut_at_once(address):
    deadline = Deadline(0)
    with deadline:
        deadline._timer.join()
        client = httpx2.Client(verify=False, trust_env=False, timeout=60, event_hooks={"request": [deadline.watch]})
        with pytest.raises(TimeoutError):
            client.get(address)
        client.close()


def test_time_left_over_cuts_nothing():
    with Deadline(60) as deadline:
        pass

    deadline._timer.join()
    assert not deadline.passed
