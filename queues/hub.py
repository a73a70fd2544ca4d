"""One Redis subscription per process, handed on to all open streams of that process."""

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Iterator

import redis.asyncio
from django.conf import settings
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from queues.topics import CHANNEL, of_queue

LOOK_AGAIN = '{"type": "changed"}'  # about nothing in particular: something may have been missed
HEARTBEAT = 15.0  # seconds; proxies close what is silent
LIFETIME = (50.0, 70.0)  # seconds; spread, so that not all come back at once
WAITING = 50
LINES = of_queue("")
LINE_SECONDS = 1.0
LOOKS_PER_SECOND = 100  # that all listeners of one line may be sent for
SILENCE = 10.0  # seconds after which Redis is asked whether it is there, and then has to answer
logger = logging.getLogger(__name__)


class Stream:
    """The messages for one listener, until its time is over. Iterating gives "" when a heartbeat is due."""

    def __init__(self) -> None:
        self._messages: asyncio.Queue[str] = asyncio.Queue()
        self._until = time.monotonic() + random.uniform(*LIFETIME)  # noqa: S311 - not a secret
        self.put(LOOK_AGAIN)

    def put(self, message: str) -> None:
        """Hand over a message; a listener who has fallen far behind gets one "look again" for all that waits."""
        if self._messages.qsize() == WAITING:
            while not self._messages.empty():
                self._messages.get_nowait()
            message = LOOK_AGAIN
        self._messages.put_nowait(message)

    def close(self) -> None:
        """End the iteration now."""
        self._until = 0
        self.put("")

    def __aiter__(self) -> "Stream":
        return self

    async def __anext__(self) -> str:
        message = ""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(HEARTBEAT, self._until - time.monotonic())):
                message = await self._messages.get()
        if time.monotonic() >= self._until:
            raise StopAsyncIteration
        return message


class Hub:
    """Who listens to what."""

    def __init__(self) -> None:
        self._streams: dict[str, set[Stream]] = {}
        self._moved: dict[str, bool] = {}  # lines whose listeners are being told, and whether it moved again since
        self._deaf = False

    @contextlib.contextmanager
    def stream(self, *topics: str) -> Iterator[Stream]:
        """A new stream of these topics. It begins with LOOK_AGAIN: what came before is in the database."""
        stream = Stream()
        for topic in topics:
            self._streams.setdefault(topic, set()).add(stream)
        try:
            yield stream
        finally:
            for topic in topics:
                self._streams[topic].discard(stream)
                if not self._streams[topic]:
                    del self._streams[topic]

    def all_streams(self) -> set[Stream]:
        return {stream for streams in self._streams.values() for stream in streams}

    async def listen(self) -> None:
        """Hand on what is announced, for as long as the process lives, through every absence of Redis."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                options = {"socket_connect_timeout": 2, "health_check_interval": SILENCE}
                client = redis.asyncio.Redis.from_url(settings.REDIS_URL, retry=Retry(NoBackoff(), 0), **options)
                async with client, client.pubsub() as wire:
                    await wire.subscribe(CHANNEL)
                    while True:  # a network that vanished tells nobody
                        if message := await wire.get_message(timeout=SILENCE):
                            self._hand_on(message)
                        elif loop.time() > wire.connection.next_health_check + SILENCE:
                            raise redis.TimeoutError("no answer")
            except Exception as error:  # whatever it is, pages go on polling and we go on trying
                if not self._deaf:
                    logger.warning("Streams are silent until Redis is back: %r", error)
                self._deaf = True
            await asyncio.sleep(1)

    def _hand_on(self, message: dict) -> None:
        if message["type"] == "subscribe":  # the first time or again: what was said before did not reach us
            self._deaf = False
            for stream in self.all_streams():
                stream.put(LOOK_AGAIN)
            return
        topics, _, text = message["data"].decode().partition("\n")
        for topic in topics.split():
            if topic.startswith(LINES):
                self._line_moved(topic)
                continue
            for stream in self._streams.get(topic, ()):
                stream.put(text)

    def _line_moved(self, topic: str) -> None:
        """Tell who waits in this line, spread over a second; what comes meanwhile is told in the next one.

        Everybody's place changes with every job that starts, and each who is told asks a web process: where many wait
        it takes longer than a second.
        """
        waiting = self._streams.get(topic)
        if topic in self._moved:
            self._moved[topic] = True
        elif waiting:
            self._moved[topic] = False
            loop, pause = asyncio.get_running_loop(), max(LINE_SECONDS, len(waiting) / LOOKS_PER_SECOND)
            for stream in waiting:
                loop.call_later(random.uniform(0, pause), stream.put, LOOK_AGAIN)  # noqa: S311 - not a secret
            loop.call_later(pause, self._line_rests, topic)

    def _line_rests(self, topic: str) -> None:
        if self._moved.pop(topic):
            self._line_moved(topic)
