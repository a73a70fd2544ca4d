"""A language-model provider on loopback that speaks OpenAI's chat completions and misbehaves on demand.

The fault is chosen by the model's name: see FAULTS, and `_plain_fault` for the ones with a number in them.
`python -m tests.fakeprovider --port 0` serves until killed and prints its address.
"""

import argparse
import json
import re
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.fakeprose import fill, prose

ERROR_WORDS = {400: "invalid_request_error", 401: "invalid_api_key", 429: "rate_limit_exceeded"}


class FakeProvider:
    """`with FakeProvider() as fake`: `fake.url` is a base URL, `fake.requests` what was asked so far.

    Each request is {"path", "model", "key", "headers", "body"}. The model "held" answers after `fake.release()`.
    """

    def __init__(self, port: int = 0) -> None:
        self.requests: list[dict] = []
        self.stopping = threading.Event()
        self.gate = threading.Event()
        self.redirect_to = "http://127.0.0.1:9/v1"
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._server.fake = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def release(self) -> None:
        """Let every request to the model "held" go on."""
        self.gate.set()

    def forget(self) -> None:
        """As new: nothing asked, nothing counted, "held" held."""
        self.requests.clear()
        self._counts.clear()
        self.gate.clear()

    def count(self, model: str) -> int:
        """How often `model` has been asked, this time included."""
        with self._lock:
            self._counts[model] = self._counts.get(model, 0) + 1
            return self._counts[model]

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def fake(self) -> FakeProvider:
        return self.server.fake

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.reply(200, {"status": "ok"} if self.path == "/health" else self.fake.requests)

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        try:
            self.body = json.loads(raw)
        except ValueError:
            return self.reply(400, {"error": {"message": "not JSON"}})
        key = (self.headers.get("authorization") or "").removeprefix("Bearer ")
        model = str(self.body.get("model"))
        self.fake.requests.append(
            {"path": self.path, "model": model, "key": key, "headers": dict(self.headers), "body": self.body}
        )
        if not self.path.endswith("/chat/completions"):
            return self.reply(404, {"error": {"message": "no such path"}})
        again = re.fullmatch(r"fail-(\d+)-times(?:-(.+))?", model)
        if again:
            model = (again[2] or "status-503") if self.fake.count(model) <= int(again[1]) else "ok"
        try:
            self._answer(model, key)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client has given up, as it should

    def _answer(self, model: str, key: str):
        if model in FAULTS:
            return FAULTS[model](self)
        match re.fullmatch(r"(status|retry-after|retry-after-date|ok-slow|echo-key)-(\d+)", model):
            case None:
                return self.complete()
            case fault:
                return self._plain_fault(fault[1], int(fault[2]), key)

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

    def reply(self, status: int, content, headers: dict | None = None, kind: str = "application/json"):
        """One whole answer; `content` is sent as JSON unless it is bytes."""
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def error(self, status: int, code: str, headers: dict | None = None):
        self.reply(status, {"error": {"message": f"fake: {code}", "type": code, "code": code}}, headers)

    def prompt(self) -> str:
        return "\n".join(str(message["content"]) for message in self.body["messages"])

    def most_tokens(self) -> int:
        return self.body.get("max_completion_tokens") or self.body.get("max_tokens") or 2048

    def text(self) -> str:
        """What a healthy model says: JSON if a schema was sent, else as many words as asked for ("about 90 words")."""
        schema = self.body.get("response_format", {}).get("json_schema", {}).get("schema")
        if schema:
            return json.dumps(fill(schema, self.prompt()))
        asked = re.findall(r"(\d+)[ -]words?\b", self.prompt())
        return prose(self.prompt(), min(int(asked[-1]) if asked else 120, int(self.most_tokens() * 0.6)))

    def complete(self, text: str | None = None, finish: str | None = "stop", message: dict | None = None, **extra):
        self.reply(200, self.completion(text, finish, message, **extra))

    def completion(self, text=None, finish="stop", message=None, **extra) -> dict:
        text = self.text() if text is None else text
        used, written = len(self.prompt().split()), len(text.split())
        usage = {"prompt_tokens": used, "completion_tokens": written, "total_tokens": used + written}
        return {
            "id": "chatcmpl-fake",
            "object": "chat.completion",
            "created": 1,
            "model": self.body["model"],
            "choices": [
                {
                    "index": 0,
                    "finish_reason": finish,
                    "message": {"role": "assistant", "content": text, **(message or {})},
                }
            ],
            "usage": {**usage, "prompt_tokens_details": {"cached_tokens": used // 2}},
            **extra,
        }

    def reset(self):
        """Ends the connection without an answer."""
        self.close_connection = True

    def drip(self, head: bool):
        """Sends a byte every 50 ms and never ends: in the headers, or in the body."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
        self.wfile.write(b"X-Slow: " if head else b"Transfer-Encoding: chunked\r\n\r\n")
        while not self.fake.stopping.wait(0.05):
            self.wfile.write(b"x" if head else b"1\r\n \r\n")

    def cut_body(self):
        data = json.dumps(self.completion()).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[: len(data) // 2])
        self.close_connection = True

    def held(self):
        self.fake.gate.wait(60)
        self.complete()


REFUSAL = {"content": None, "refusal": "I will not write that."}
TOO_LONG = "this model's maximum context length is 4096: context_length_exceeded"
FAULTS = {
    "html": lambda h: h.reply(200, b"<html><body>Welcome to the hotel network</body></html>", kind="text/html"),
    "html-502": lambda h: h.reply(502, b"<html>Bad gateway</html>", kind="text/html"),
    "not-json": lambda h: h.reply(200, b"{never closed"),
    "empty-body": lambda h: h.reply(200, b""),
    "empty-object": lambda h: h.reply(200, {}),
    "error-object": lambda h: h.reply(200, {"error": {"message": "upstream is down", "code": 502}}),
    "list": lambda h: h.reply(200, []),
    "null": lambda h: h.reply(200, None),
    "no-choices": lambda h: h.complete(choices=[]),
    "choices-text": lambda h: h.complete(choices="none"),
    "no-message": lambda h: h.complete(choices=[{"index": 0, "finish_reason": "stop"}]),
    "message-text": lambda h: h.complete(choices=[{"index": 0, "finish_reason": "stop", "message": "hello"}]),
    "content-list": lambda h: h.complete(message={"content": [{"type": "text", "text": "hello"}]}),
    "finish-missing": lambda h: h.complete(finish=None),
    "finish-tools": lambda h: h.complete(finish="tool_calls"),
    "finish-length": lambda h: h.complete(finish="length"),
    "content-filter": lambda h: h.complete(text="", finish="content_filter"),
    "refusal": lambda h: h.complete(message=REFUSAL),
    "empty-text": lambda h: h.complete(text=""),
    "blank-text": lambda h: h.complete(text=" \n\t "),
    "no-content": lambda h: h.complete(message={"content": None}),
    "odd-characters": lambda h: h.complete(text="Good \0compost\ud800 needs air.", model="m\0"),
    "no-usage": lambda h: h.complete(usage=None),
    "empty-usage": lambda h: h.complete(usage={}),
    "quota": lambda h: h.error(429, "insufficient_quota"),
    "too-long": lambda h: h.error(400, TOO_LONG),
    "filtered": lambda h: h.error(400, "content_filter"),
    "no-such-model": lambda h: h.error(404, "model_not_found"),
    "forbidden-model": lambda h: h.error(403, "model_not_found"),
    "redirect": lambda h: h.reply(307, b"", {"Location": f"{h.fake.redirect_to}/chat/completions"}),
    "reset": _Handler.reset,
    "cut-body": _Handler.cut_body,
    "drip": lambda h: h.drip(head=False),
    "drip-headers": lambda h: h.drip(head=True),
    "silent": lambda h: h.fake.stopping.wait(60),
    "held": _Handler.held,
    "schema-not-json": lambda h: h.complete(text='{"score": '),
    "schema-wrong": lambda h: h.complete(text='{"score": "high"}'),
}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    with FakeProvider(parser.parse_args().port) as provider:
        print(provider.url, flush=True)
        provider.stopping.wait()
