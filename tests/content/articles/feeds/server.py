"""A web server on loopback that behaves as it is told, by path."""

import gzip
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

RSS = b"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>News</title>
<item><title>Heaps &amp; soil</title><link>https://news.example/heaps</link><guid>a1</guid>
<pubDate>Fri, 20 Nov 2026 08:30:00 GMT</pubDate><category>city</category><author>R. Writer</author>
<description>&lt;p&gt;First.&lt;/p&gt;
&lt;p&gt;Second &lt;script&gt;alert(1)&lt;/script&gt;&lt;b&gt;one&lt;/b&gt;.</description></item>
<item><title>Another</title><link>https://news.example/other</link><guid>a2</guid><description>Text.</description></item>
</channel></rss>"""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        what, _, rest = self.path[1:].partition("/")
        getattr(self, f"say_{what.replace('-', '_')}")(rest)

    def answer(self, body: bytes, status: int = 200, **headers: str):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def say_feed(self, _):
        self.answer(self.server.document, Content_Type="application/rss+xml")

    def say_status(self, status):
        self.answer(b"", int(status))

    def say_to(self, target):
        self.answer(b"", 302, Location=target)

    def say_loop(self, _):
        self.answer(b"", 302, Location="/loop")

    def say_gzip(self, _):
        self.answer(gzip.compress(bytes(10_000_000)), Content_Encoding="gzip")

    def say_cut(self, _):
        self.answer(b"<rss", Content_Length="5000")

    def say_endless(self, _):
        self.answer(b"")
        while not self.server.stopping.is_set():
            self.write(bytes(65536))

    def say_drip(self, _):
        while not self.server.stopping.wait(0.05):
            self.write(b"H")

    def say_drip_body(self, _):
        self.answer(b"<rss>", Content_Type="application/rss+xml")
        self.say_drip(_)

    def write(self, data: bytes):
        try:
            self.wfile.write(data)
        except OSError:
            self.server.stopping.wait(0.1)


class Site(ThreadingHTTPServer):
    daemon_threads, block_on_close = True, False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked, self.document, self.stopping = [], RSS, threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_):
        pass

    def stop(self):
        self.stopping.set()
        self.shutdown()
        self.server_close()
