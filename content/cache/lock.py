"""Whose turn it is to make a value: a lock with a token and an expiry, kept alive while its holder works."""

import secrets
import threading
from types import TracebackType

from aiproviders.shared import ask, script

EXPIRES = 5.0  # seconds after the last sign of life: what a process that was killed holds up the others
STILL_MINE = "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end "
RENEW = STILL_MINE + "return redis.call('PEXPIRE', KEYS[1], ARGV[2])"
RELEASE = STILL_MINE + "return redis.call('DEL', KEYS[1])"
# Whoever deletes a value deletes its lock as well, so what was read before that is not stored after it.
STORE = STILL_MINE + "redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[3]) return redis.call('DEL', KEYS[1])"


class Lock:
    """`with Lock(key)`: released at the end, also after an error. Take it before with `take()`."""

    def __init__(self, name: str) -> None:
        self.name, self.token = name, secrets.token_hex(8)
        self._done = threading.Event()

    def take(self) -> bool | None:
        """Whether it is ours now; None when Redis is away."""
        return ask(lambda redis: bool(redis.set(self.name, self.token, nx=True, px=_EXPIRES_MS)), otherwise=None)

    def store(self, key: str, value: str, seconds: int) -> bool:
        """Write `value` unless the lock was lost meanwhile, and give the lock up."""
        return bool(ask(lambda _: script(STORE)(keys=[self.name, key], args=[self.token, value, seconds]), otherwise=0))

    def __enter__(self) -> "Lock":
        threading.Thread(target=self._keep, daemon=True).start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._done.set()
        ask(lambda _: script(RELEASE)(keys=[self.name], args=[self.token]), otherwise=0)

    def _keep(self) -> None:
        while not self._done.wait(EXPIRES / 3):
            ask(lambda _: script(RENEW)(keys=[self.name], args=[self.token, _EXPIRES_MS]), otherwise=0)


_EXPIRES_MS = int(EXPIRES * 1000)
