"""A real HTTP server on loopback that receives webhooks and answers as a test wants."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.processes import wait_until


class Receiver(ThreadingHTTPServer):
    """`answer` is a status, or "hang" (no word until the end), or "drip" (a byte of a header now and then)."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer: int | str = 204
        self.received: list[tuple[dict, bytes]] = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"

    def wait_for(self, count: int) -> None:
        wait_until(lambda: len(self.received) >= count)

    def stop(self) -> None:
        self.over.set()
        self.shutdown()
        self.server_close()
        self.thread.join()

    def handle_error(self, request, client_address):
        pass  # they hung up on us, as they should


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self):  # noqa: N802  the library's name
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
        if self.server.answer == "hang":
            self.server.over.wait()
        elif self.server.answer == "drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not self.server.over.wait(0.02):
                self.wfile.write(b".")
        else:
            self.send_response(self.server.answer)
            if self.server.answer == 302:
                self.send_header("Location", f"{self.server.url}/elsewhere")
            self.end_headers()

    def do_GET(self):  # noqa: N802
        self.server.received.append(({}, b"followed"))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        pass
