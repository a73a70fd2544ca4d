"""The way to Redis: fails fast, and is left alone for some seconds after it failed."""

import logging
import time
from collections.abc import Callable
from functools import cache
from typing import TypeVar

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

PREFIX = "copydesk:cache:"
SILENCE = 5.0  # seconds: a Redis that hangs must not hold up every request
log = logging.getLogger(__name__)
T = TypeVar("T")
_silent_until = 0.0
_away = False


@cache
def client() -> redis.Redis:
    """A connection pool that never repeats a command by itself."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=1,
        socket_timeout=1,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
    )


@cache
def script(text: str):
    """A Lua script that Redis keeps: call it with keys= and args=, inside `ask`."""
    return client().register_script(text)


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
            log.warning("The cache is away (%s): everything is made anew meanwhile", type(error).__name__)
        _away = True
        return otherwise
    _away = False
    return found
