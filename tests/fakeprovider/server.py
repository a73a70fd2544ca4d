"""The server: notes every request, and hands it to the wire format of its path."""

import json
import re
import threading
import time
from collections.abc import Callable
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.fakeprose import fill, prose
from tests.fakeprovider.dialects import Dialect, dialect_of
from tests.fakeprovider.faults import FAULTS

ERROR_WORDS = {400: "invalid_request_error", 401: "invalid_api_key", 429: "rate_limit_exceeded"}


class Asked(str):
    """The prompt of a request, with the schema that its answer should fit."""

    def __new__(cls, dialect: Dialect):
        asked = super().__new__(cls, dialect.prompt())
        asked.schema = dialect.schema
        return asked


class FakeProvider:
    """`with FakeProvider() as fake`: `fake.url` is OpenAI's base URL, `fake.root` the others'.

    Each of `fake.requests` is {"path", "model", "key", "headers", "body"}. "held" answers after `fake.release()`.
    A list of models is asked for without a model: `fake.listing` names the fault; a key with "wrong" in it is refused.
    `fake.says[model]` is the text of every answer of that model, a list of one after another (the last for ever), or a
    function that makes it of the prompt, which knows the schema that was asked for (`Asked`).
    """

    def __init__(self, port: int = 0) -> None:
        self.requests: list[dict] = []
        self.stopping = threading.Event()
        self.gate = threading.Event()
        self.redirect_to = "http://127.0.0.1:9/v1"
        self.listing = "ok"
        self.says: dict[str, str | list[str] | Callable[[Asked], str]] = {}
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()
        self._server = _Listener(("127.0.0.1", port), _Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._server.fake = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        return f"{self.root}/v1"

    def release(self) -> None:
        """Let every request to the model "held" go on."""
        self.gate.set()

    def forget(self) -> None:
        """As new: nothing asked, nothing counted, "held" held."""
        self.requests.clear()
        self.says.clear()
        self._counts.clear()
        self.gate.clear()
        self.listing = "ok"

    def count(self, model: str) -> int:
        """How often `model` has been asked, this time included."""
        with self._lock:
            self._counts[model] = self._counts.get(model, 0) + 1
            return self._counts[model]

    def said_by(self, model: str, dialect: Dialect) -> str:
        """What `model` says now."""
        said = self.says[model]
        if isinstance(said, str):
            return said
        if callable(said):
            return said(Asked(dialect))
        with self._lock:
            return said.pop(0) if len(said) > 1 else said[0]

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Listener(ThreadingHTTPServer):
    request_queue_size = 512  # hundreds of workers may connect in the same moment


class _Server(BaseHTTPRequestHandler):
    """What a healthy provider does, and the ways to answer that the faults are made of."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    dialect: Dialect

    @property
    def fake(self) -> FakeProvider:
        return self.server.fake

    def log_message(self, *_):
        pass

    def reply(self, status: int, content, headers: dict | None = None, kind: str = "application/json"):
        """One whole answer; `content` is sent as JSON unless it is bytes."""
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def error(self, status: int, code: str, headers: dict | None = None, message: str = "", details: tuple = ()):
        self.reply(status, self.dialect.error(status, code, message or f"fake: {code}", list(details)), headers)

    def complete(self, text: str | None = None, finish: str | None = "stop", **extra):
        self.reply(200, self.completion(text, finish, **extra))

    def say(self, model: str):
        """What `fake.says` has for this model, else what a healthy one says."""
        self.complete(text=self.fake.said_by(model, self.dialect) if model in self.fake.says else None)

    def completion(self, text: str | None = None, finish: str | None = "stop", **extra) -> dict:
        return self.dialect.completion(self.text() if text is None else text, finish, **extra)

    def text(self) -> str:
        """What a healthy model says: JSON if a schema was sent, else as many words as asked for ("about 90 words")."""
        prompt, schema = self.dialect.prompt(), self.dialect.schema()
        if schema:
            return json.dumps(fill(schema, prompt))
        asked = re.findall(r"(\d+)[ -]words?\b", prompt)
        return prose(prompt, min(int(asked[-1]) if asked else 120, int(self.dialect.most_tokens() * 0.6)))


class _Handler(_Server):
    def do_GET(self):
        dialect = dialect_of(self.path, self.headers, None)
        if self.path == "/health":
            return self.reply(200, {"status": "ok"})
        if dialect is None:
            return self.reply(200, self.fake.requests)
        self._answer(dialect, self.fake.listing)

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        try:
            body = json.loads(raw)
        except ValueError:
            return self.reply(400, {"error": {"message": "not JSON"}})
        dialect = dialect_of(self.path, self.headers, body)
        if dialect is None:
            return self.reply(404, {"error": {"message": "no such path"}})
        self._answer(dialect, dialect.model())

    def _answer(self, dialect: Dialect, model: str):
        self.dialect = dialect
        noted = {"path": self.path, "model": dialect.model(), "key": dialect.key(), "headers": dict(self.headers)}
        self.fake.requests.append({**noted, "body": dialect.body})
        again = re.fullmatch(r"fail-(\d+)-times(?:-(.+))?", model)
        if again:
            model = (again[2] or "status-503") if self.fake.count(model) <= int(again[1]) else "ok"
        every = re.fullmatch(r"fail-every-(\d+)-(.+)", model)
        if every:
            model = every[2] if self.fake.count(model) % int(every[1]) == 0 else "ok"
        if "wrong" in dialect.key():
            model = "status-401"
        try:
            self._misbehave(model, dialect.key())
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client has given up, as it should

    def _misbehave(self, model: str, key: str):
        fault = re.fullmatch(r"(status|retry-after|retry-after-date|ok-slow|echo-key)-(\d+)", model)
        if fault:
            self._plain_fault(fault[1], int(fault[2]), key)
        elif model in self.dialect.BROKEN:
            self.reply(200, self.dialect.broken(model, self.completion()))
        elif model in FAULTS:
            FAULTS[model](self)
        elif model in self.fake.says:
            self.say(model)
        elif self.dialect.body is None:
            self.reply(200, self.dialect.models())
        else:
            self.complete()

    def _plain_fault(self, fault: str, number: int, key: str):
        match fault:
            case "status":
                self.error(number, ERROR_WORDS.get(number, "some_error"))
            case "retry-after":
                self.error(429, "rate_limit_exceeded", {"Retry-After": str(number)})
            case "retry-after-date":
                self.error(429, "rate_limit_exceeded", {"Retry-After": formatdate(time.time() + number, usegmt=True)})
            case "ok-slow":
                self.fake.stopping.wait(number / 1000)
                self.complete()
            case "echo-key":
                self.error(number, f"your key {key} is wrong")
