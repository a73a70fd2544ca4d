"""Requests and tokens per minute that a provider allows one key, shared by all workers and exact.

No window of 60 seconds, wherever it begins, has more starts or tokens than the limit. A call takes an estimate of its
tokens and is corrected to what it used. Without Redis nothing holds anybody back: the provider itself then refuses.
"""

import uuid
from dataclasses import dataclass

from django.conf import settings

from aiproviders import shared

WINDOW = 60_000  # milliseconds

# KEYS: when each call of the last minute began, their tokens, the sum of these. ARGV: requests, tokens (0: no limit),
# the window, this call, its tokens. Answers 0, or the milliseconds until it may be asked again.
TAKE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local most, room, window, mine = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[5])
local sum = tonumber(redis.call('GET', KEYS[3]) or 0)
for _, old in ipairs(redis.call('ZRANGE', KEYS[1], '-inf', now - window, 'BYSCORE')) do
  sum = sum - (redis.call('HGET', KEYS[2], old) or 0)
  redis.call('ZREM', KEYS[1], old)
  redis.call('HDEL', KEYS[2], old)
end
local wait, free = 0, room - sum
if room > 0 then
  mine = math.min(mine, room)
  local from = 0
  while free < mine do
    local calls = redis.call('ZRANGE', KEYS[1], from, from + 99, 'WITHSCORES')
    if #calls == 0 then break end
    for at = 1, #calls, 2 do
      free = free + (redis.call('HGET', KEYS[2], calls[at]) or 0)
      wait = calls[at + 1] + window - now
      if free >= mine then break end
    end
    from = from + 100
  end
end
local made = redis.call('ZCARD', KEYS[1])
if most > 0 and made >= most then
  local last = redis.call('ZRANGE', KEYS[1], made - most, made - most, 'WITHSCORES')
  wait = math.max(wait, last[2] + window - now)
end
if wait == 0 then
  redis.call('ZADD', KEYS[1], now, ARGV[4])
  redis.call('HSET', KEYS[2], ARGV[4], mine)
  sum = sum + mine
end
redis.call('SET', KEYS[3], sum)
for _, key in ipairs(KEYS) do redis.call('PEXPIREAT', key, now + 2 * window) end -- all at once, or the sum goes wrong
return wait
"""
CORRECT = """
local before = redis.call('HGET', KEYS[2], ARGV[1])
if before then
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
  redis.call('INCRBY', KEYS[3], ARGV[2] - before)
end
"""


@dataclass(frozen=True)
class Taken:
    """A call's share of a limit; `wait` seconds is 0 when it may begin."""

    names: tuple[str, ...] = ()
    call: str = ""
    wait: float = 0.0


def hold(provider: str) -> bool:
    """Whether `provider` has a limit at all; without one there is nothing to take."""
    return bool(settings.AI_RATE_LIMITS.get(provider))


def take(provider: str, fingerprint: str, *, tokens: int) -> Taken:
    """Take one request and about `tokens` tokens out of what the key may use, or nothing and a wait in seconds.

    A call that is bigger than a whole minute's tokens waits for an empty minute.
    """
    names = tuple(shared.name("limit", provider, fingerprint, part) for part in ("calls", "tokens", "sum"))
    call = uuid.uuid4().hex
    figures = [*settings.AI_RATE_LIMITS[provider], WINDOW, call, tokens]
    wait = shared.ask(lambda _: shared.script(TAKE)(keys=names, args=figures), otherwise=None)
    if wait is None:
        return Taken()
    return Taken(wait=wait / 1000) if wait else Taken(names, call)


def correct(taken: Taken, *, tokens: int) -> None:
    """Say what the call used in truth, so that others may have the rest."""
    if taken.call:
        shared.ask(lambda _: shared.script(CORRECT)(keys=taken.names, args=[taken.call, tokens]), otherwise=None)
