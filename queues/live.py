"""The live streams: a small ASGI app beside Django, server-sent events and WebSocket on one hub.

It reads no table and no session: a signed address says what may be heard, and messages say only "look again". So an
open page costs some kilobytes, but no thread and no database connection, as a Django view that streams would.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from django.conf import settings

from queues import topics
from queues.hub import Hub, Stream

Receive = Callable[[], Awaitable[dict]]
Send = Callable[[dict], Awaitable[None]]
SITE = "{0.scheme}://{0.netloc}".format(urlsplit(settings.PUBLIC_URL)).encode()
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"access-control-allow-origin", SITE),
]
BEGIN = {
    "http": {"type": "http.response.start", "status": 200, "headers": HEADERS},
    "websocket": {"type": "websocket.accept"},
}
END = {"http": {"type": "http.response.body", "body": b""}, "websocket": {"type": "websocket.close", "code": 1001}}
hub = Hub()


async def application(scope: dict, receive: Receive, send: Send) -> None:
    """`GET /live/<token>`, also as a WebSocket; everything else is refused."""
    kind = scope["type"]
    if kind == "lifespan":
        await _lifespan(receive, send)
    elif asked := _topics(scope):
        await _stream(kind, asked, receive, send)
    elif kind == "websocket":
        await send({"type": "websocket.close", "code": 1008})
    else:
        status = 403 if scope["path"].startswith(topics.PATH) else 404
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def _topics(scope: dict) -> list[str]:
    """What this request may listen to. Any page may open a socket, so there the server looks where it comes from."""
    origin = dict(scope["headers"]).get(b"origin")
    if scope["type"] == "websocket" and origin not in (None, SITE):
        return []
    return topics.opened_by(scope["path"]) if scope.get("method", "GET") == "GET" else []


async def _stream(kind: str, asked: list[str], receive: Receive, send: Send) -> None:
    await send(BEGIN[kind])
    with hub.stream(*asked) as stream:
        leaving = asyncio.create_task(_close_when_gone(receive, stream))
        try:
            async for message in stream:
                await send(_packed(kind, message))
        finally:
            leaving.cancel()
    await send(END[kind])


def _packed(kind: str, message: str) -> dict:
    if kind == "websocket":
        return {"type": "websocket.send", "text": message or '{"type": "ping"}'}
    text = f"event: changed\ndata: {message}\n\n" if message else ": ping\n\n"
    return {"type": "http.response.body", "body": text.encode(), "more_body": True}


async def _close_when_gone(receive: Receive, stream: Stream) -> None:
    while not (await receive())["type"].endswith(".disconnect"):
        pass
    stream.close()


async def _lifespan(receive: Receive, send: Send) -> None:
    await receive()
    listening = asyncio.create_task(hub.listen())
    _end_streams_at_sigterm()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    listening.cancel()
    await send({"type": "lifespan.shutdown.complete"})


def _end_streams_at_sigterm() -> None:
    """A server waits for open answers before it ends, and ours would take a minute to end by themselves."""
    loop, before = asyncio.get_running_loop(), signal.getsignal(signal.SIGTERM)

    def handle(number: int, frame: object) -> None:
        for stream in hub.all_streams():
            loop.call_soon_threadsafe(stream.close)
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGTERM, handle)
