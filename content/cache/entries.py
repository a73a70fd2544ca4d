"""Values by key."""

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiproviders.shared import ask, script
from content.cache.counters import COUNTERS, PREFIX, SECONDS
from content.cache.lock import Lock

LOCK = ":lock"
LOOK_EVERY = (0.02, 0.2)  # seconds; while another one makes the value
BATCH = 500
COUNTED_GET = """local value = redis.call('GET', KEYS[1])
redis.call('HINCRBY', KEYS[2], ARGV[1] .. (value and ':hits' or ':misses'), 1) return value"""


@dataclass(frozen=True)
class Found:
    """`cached`: somebody else made it, at another time or just now."""

    value: Any
    cached: bool


def get(key: str, *, kind: str) -> Found | None:
    """What is kept under `key`; None if nothing is, or Redis is away. Counts as a hit or miss of `kind`."""
    names = [PREFIX + key, COUNTERS]
    return _read(ask(lambda _: script(COUNTED_GET)(keys=names, args=[kind]), otherwise=None))


def get_or_set(key: str, load: Callable[[], Any], *, kind: str, patience: float = 10.0) -> Found:
    """What is kept under `key`, else what `load` returns: JSON, kept for SECONDS[kind].

    Of all processes that ask at once, one calls `load`; the others wait for its value, at most `patience` seconds, then
    each calls it itself. What `load` raises is raised, nothing is kept, and the next who waits calls it.
    """
    deadline = time.monotonic() + patience
    found, pause = get(key, kind=kind), LOOK_EVERY[0]
    while found is None:
        lock = Lock(PREFIX + key + LOCK)
        mine = lock.take()
        if mine or mine is None or time.monotonic() > deadline:
            return _loaded(key, load, kind, lock if mine else None)
        time.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - not a secret
        pause = min(pause * 1.5, LOOK_EVERY[1])
        found = peek(key)
    return found


def _loaded(key: str, load: Callable[[], Any], kind: str, lock: Lock | None) -> Found:
    if lock is None:
        return Found(load(), cached=False)
    with lock:
        if found := peek(key):  # it was stored between our look and our lock
            return found
        value = load()
        lock.store(PREFIX + key, json.dumps(value), SECONDS[kind])
    return Found(value, cached=False)


def peek(key: str) -> Found | None:
    """Like `get`, and not counted: who looks twice for one thing wants it once."""
    return _read(ask(lambda redis: redis.get(PREFIX + key), otherwise=None))


def _read(text: str | None) -> Found | None:
    try:
        return None if text is None else Found(json.loads(text), cached=True)
    except ValueError:  # not ours, or from another version: it is made again
        return None


def delete(pattern: str) -> int:
    """Drop the key, or all keys that match a pattern ("article:7:*"), and what is being made for them; how many.

    Call it after the commit of what changed. 0 when Redis is away: what it kept then lives until its time is over.
    """
    return ask(lambda redis: _delete(redis, PREFIX + pattern), otherwise=0)


def _delete(redis, pattern: str) -> int:
    if "*" not in pattern:
        return redis.unlink(pattern, pattern + LOCK)
    dropped, names = 0, []
    for name in redis.scan_iter(match=pattern, count=1000):
        names.append(name)
        if len(names) == BATCH:
            dropped += redis.unlink(*names)
            names = []
    return dropped + (redis.unlink(*names) if names else 0)
