"""Time-ordered ids (UUID version 7, RFC 9562): jobs of equal priority start in the order they were asked for."""

import secrets
import threading
import time
import uuid

_lock = threading.Lock()
_last = 0


def uuid7() -> uuid.UUID:
    """A UUIDv7 whose first 60 time bits (milliseconds and a 12-bit fraction) only grow within a process."""
    global _last
    with _lock:
        # RFC 9562, section 6.2, method 3: sub-millisecond fraction in rand_a.
        now = time.time_ns() * 4096 // 1_000_000
        _last = now = max(now, _last + 1)
    milliseconds, fraction = now >> 12, now & 0xFFF
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | secrets.randbits(62)
    return uuid.UUID(int=value)
