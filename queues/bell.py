"""The doorbell: a Redis publish that tells dispatchers to look at once. A lost ring costs at most one second."""

import logging
import time
from functools import cache

import redis
from django.conf import settings
from django.db import transaction
from redis.backoff import NoBackoff
from redis.retry import Retry

CHANNEL = "copydesk:bell"
QUIET_SECONDS = 0.02
SILENCE = 5.0  # seconds without a try after a Redis that did not even refuse
ASK_SECONDS, ANSWER_SECONDS = 10, 5  # a silent Redis is asked whether it is there, and then has to answer
logger = logging.getLogger(__name__)
_silent_until = 0.0


@cache
def client() -> redis.Redis:
    """A connection pool that fails fast and never replays: ringing must not hold up a request."""
    patience = {"socket_connect_timeout": 1, "socket_timeout": 1, "health_check_interval": ASK_SECONDS}
    return redis.Redis.from_url(settings.REDIS_URL, retry=Retry(NoBackoff(), 0), **patience)


def publish(channel: str, message: str) -> None:
    """Tell everybody who listens to `channel`. Never raises: those who listen also look by themselves.

    A Redis that hangs holds up who happens to try, for a second, and then nobody until `SILENCE` is over.
    """
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        client().publish(channel, message)
    except redis.RedisError as error:
        if isinstance(error, redis.TimeoutError):
            _silent_until = time.monotonic() + SILENCE
        logger.warning("Redis not told, jobs start up to a second later: %s", type(error).__name__)


def answers() -> bool:
    """Whether Redis is there."""
    try:
        return bool(client().ping())
    except redis.RedisError:
        return False


def ring() -> None:
    """Wake the dispatchers. The job is in the database, and they look every second anyway."""
    publish(CHANNEL, "")


def ring_after_commit() -> None:
    """Ring once the caller's transaction has committed; a roll-back rings nothing."""
    transaction.on_commit(ring, robust=True)


class Listener:
    """A dispatcher's ear: one subscription, renewed when Redis comes back."""

    def __init__(self) -> None:
        self._pubsub: redis.client.PubSub | None = None

    def wait(self, seconds: float) -> None:
        """Return at the next ring, or after `seconds`; several rings at once count as one.

        A ring soon after the last look waits a moment for others: under load each look then finds more to do.
        """
        try:
            if self._pubsub is None:
                self._pubsub = client().pubsub(ignore_subscribe_messages=True)
                self._pubsub.subscribe(CHANNEL)
                return  # rings before the subscription were missed: look once more
            called = time.monotonic()
            deadline = called + seconds
            while (left := deadline - time.monotonic()) > 0:
                if self._pubsub.get_message(timeout=left):
                    break
            time.sleep(max(0.0, called + min(seconds, QUIET_SECONDS) - time.monotonic()))
            while self._pubsub.get_message(timeout=0):
                pass
            if time.monotonic() > self._pubsub.connection.next_health_check + ANSWER_SECONDS:
                raise redis.TimeoutError("no answer")  # a network that vanished tells nobody
        except Exception as error:  # whatever it is, a dispatcher that stopped listening must not stop looking
            logger.debug("Bell not heard: %r", error)
            self._pubsub = None
            time.sleep(min(seconds, 1.0))
