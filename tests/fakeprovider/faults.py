"""What can go wrong in every wire format, by the name of the model that is asked for."""

import json

TOO_LONG = "this model's maximum context length is 4096: context_length_exceeded"
DEEP = b"[" * 100_000  # JSON readers give up, each in its own way
GROQ_SIZE = "Request too large for model in organization on tokens per minute (TPM): Limit 6000, Requested 9000"
GROQ_WAIT = (
    "Rate limit reached on tokens per day (TPD): Limit 500000, Used 499000. Please try again in 9m38.016s. "
    "Need more tokens? Upgrade at https://console.groq.com/settings/billing"
)


def reset(handler) -> None:
    """Ends the connection without an answer."""
    handler.close_connection = True


def drip(handler, *, head: bool) -> None:
    """Sends a byte every 50 ms and never ends: in the headers, or in the body."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
    handler.wfile.write(b"X-Slow: " if head else b"Transfer-Encoding: chunked\r\n\r\n")
    while not handler.fake.stopping.wait(0.05):
        handler.wfile.write(b"x" if head else b"1\r\n \r\n")


def flood(handler) -> None:
    """Sends a megabyte after the other and never ends."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not handler.fake.stopping.is_set():
        handler.wfile.write(b"100000\r\n" + bytes(0x100000) + b"\r\n")


def cut_body(handler) -> None:
    data = json.dumps(handler.completion()).encode()
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data[: len(data) // 2])
    handler.close_connection = True


def held(handler) -> None:
    handler.fake.gate.wait(60)
    handler.say("held")


def held_then_broken(handler) -> None:
    handler.fake.gate.wait(60)
    handler.error(500, "some_error")


def redirect(handler) -> None:
    handler.reply(307, b"", {"Location": f"{handler.fake.redirect_to}/chat/completions"})


FAULTS = {
    "html": lambda h: h.reply(200, b"<html><body>Welcome to the hotel network</body></html>", kind="text/html"),
    "html-502": lambda h: h.reply(502, b"<html>Bad gateway</html>", kind="text/html"),
    "not-json": lambda h: h.reply(200, b"{never closed"),
    "empty-body": lambda h: h.reply(200, b""),
    "accepted": lambda h: h.reply(202, {}),
    "no-body": lambda h: h.reply(204, b""),
    "empty-object": lambda h: h.reply(200, {}),
    "error-object": lambda h: h.reply(200, {"error": {"message": "upstream is down", "code": 502}}),
    "deep": lambda h: h.reply(200, DEEP),
    "deep-500": lambda h: h.reply(500, DEEP),
    "list": lambda h: h.reply(200, []),
    "null": lambda h: h.reply(200, None),
    "finish-length": lambda h: h.complete(finish="length"),
    "content-filter": lambda h: h.complete(text="", finish="content_filter"),
    "refusal": lambda h: h.complete(finish="refusal"),
    "empty-text": lambda h: h.complete(text=""),
    "blank-text": lambda h: h.complete(text=" \n\t "),
    "odd-characters": lambda h: h.complete(text="Good \0compost\ud800 needs air.", answered_by="m\0"),
    "obeys-the-article": lambda h: h.complete(text="HACKED! Read more at http://evil.example/now"),
    "off-topic": lambda h: h.complete(text="Roses are red. Violets are blue. " * 8),
    "no-usage": lambda h: h.complete(usage=None),
    "empty-usage": lambda h: h.complete(usage={}),
    "thinking": lambda h: h.complete(thought_tokens=50),
    "quota": lambda h: h.error(429, "insufficient_quota"),
    "budget-used-up": lambda h: h.error(
        400, "invalid_request_error", message="You have reached your specified API usage limits."
    ),
    "odd-error": lambda h: h.error(400, "odd", message="bad \0 thing \ud800"),
    "too-long": lambda h: h.error(400, TOO_LONG),
    "filtered": lambda h: h.error(400, "content_filter"),
    "no-such-model": lambda h: h.error(404, "model_not_found"),
    "forbidden-model": lambda h: h.error(403, "model_not_found"),
    "bad-key-400": lambda h: h.error(400, "API_KEY_INVALID"),
    "too-large-now": lambda h: h.error(413, "rate_limit_exceeded", message=GROQ_SIZE),
    "wait-in-words": lambda h: h.error(429, "rate_limit_exceeded", message=GROQ_WAIT),
    "retry-info": lambda h: h.error(429, "RESOURCE_EXHAUSTED", details=[{"retryDelay": "17s"}]),
    "redirect": redirect,
    "reset": reset,
    "cut-body": cut_body,
    "flood": flood,
    "drip": lambda h: drip(h, head=False),
    "drip-headers": lambda h: drip(h, head=True),
    "silent": lambda h: h.fake.stopping.wait(60),
    "held": held,
    "held-then-broken": held_then_broken,
    "schema-not-json": lambda h: h.complete(text='{"score": '),
    "schema-deep": lambda h: h.complete(text=DEEP.decode()),
    "schema-wrong": lambda h: h.complete(text='{"score": "high"}'),
    "fenced": lambda h: h.complete(text=f"```json\n{h.text()}\n```"),
}
