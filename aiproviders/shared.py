"""What all processes share in Redis and can do without: which links rest, how much of a limit is used up, the cache.

Redis may be away, hang or forget everything. That costs a wasted request or a value made anew, never a job.
"""

import logging
import time
from collections.abc import Callable
from functools import cache
from typing import TypeVar

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

PREFIX = "copydesk:ai:"
SILENCE = 5.0  # seconds without another try after one that failed: a hanging Redis must not hold up every call
log = logging.getLogger(__name__)
T = TypeVar("T")
_silent_until = 0.0
_away = False


@cache
def client() -> redis.Redis:
    """A connection pool that fails fast and never repeats a command by itself."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=1,
        socket_timeout=1,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
    )


def ask(question: Callable[[redis.Redis], T], *, otherwise: T) -> T:
    """What `question` finds in Redis, or `otherwise` when Redis does not answer; logged once per outage."""
    global _silent_until, _away
    if time.monotonic() < _silent_until:
        return otherwise
    try:
        found = question(client())
    except redis.RedisError as error:
        _silent_until = time.monotonic() + SILENCE
        if not _away:
            log.warning(
                "Redis is away (%s): no link rests, no limit holds, nothing is cached meanwhile", type(error).__name__
            )
        _away = True
        return otherwise
    _away = False
    return found


def name(*parts: str) -> str:
    """The Redis key made of `parts`, none of which may be a provider's key."""
    return PREFIX + ":".join(parts)


@cache
def script(text: str):
    """A Lua script that Redis keeps: call it with keys= and args=, inside `ask`."""
    return client().register_script(text)
