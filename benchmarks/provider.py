"""A fast fake model provider: OpenAI's chat completions on loopback, with a latency that the prompt asks for.

`[fixed-2000]` in a prompt asks for 2,000 ms, `[lognormal-8000]` for a log-normal latency with that median (the same
sequence after every reset). `#17` is noted in the journal: GET /journal hands it over and starts a new one.
"""

import asyncio
import json
import math
import random
import re
import time

LATENCY = re.compile(rb"\[(fixed|lognormal)-(\d+)\]")
NUMBER = re.compile(rb"#(\d+)")
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
SIGMA = 0.5
TEXT = "Compost turns what a kitchen throws away into what a garden needs, slowly and without a smell. " * 8
ANSWER = json.dumps(
    {
        "id": "chatcmpl-bench",
        "object": "chat.completion",
        "created": 1,
        "model": "gpt-4o-mini",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": TEXT}}],
        "usage": {"prompt_tokens": 60, "completion_tokens": 150, "total_tokens": 210},
    }
).encode()
journal: list[tuple[float, float, int]] = []  # arrived, answered (seconds since the epoch), number
dice = random.Random(7)  # the same latencies for everybody


class Connection(asyncio.Protocol):
    """One client connection with keep-alive; no pipelining."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport, self.buffer = transport, b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, separator, body = self.buffer.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        wanted = int(length[1]) if length else 0
        if not separator or len(body) < wanted:
            return
        self.buffer = body[wanted:]
        if head.startswith(b"GET /journal"):
            return self.reply(take_journal())
        arrived = time.time()
        number = NUMBER.search(body)
        asyncio.get_running_loop().call_later(latency(body), self.answer, arrived, int(number[1]) if number else 0)

    def answer(self, arrived: float, number: int) -> None:
        journal.append((arrived, time.time(), number))
        self.reply(ANSWER)

    def reply(self, body: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        self.transport.write(head.encode() + body)


def latency(body: bytes) -> float:
    """Seconds until the answer to this request."""
    asked = LATENCY.search(body)
    if not asked:
        return 0
    seconds = int(asked[2]) / 1000
    return seconds if asked[1] == b"fixed" else seconds * math.exp(dice.gauss(0, SIGMA))


def take_journal() -> bytes:
    taken = json.dumps(journal).encode()
    journal.clear()
    dice.seed(7)
    return taken


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", 0, backlog=1024)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
