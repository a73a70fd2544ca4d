"""So many requests within so many seconds, exact across all processes: no window, wherever it begins, has more.

Without Redis nothing is limited. One round trip for a request; a refused one does not count.
"""

from aiproviders import shared

MINUTE = 60.0

# KEYS: when each request of the last window came, oldest first, never more than the limit. ARGV: limit, window (ms).
# Answers 0, or the milliseconds until the next request.
TAKE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2])
if redis.call('LLEN', KEYS[1]) >= limit then
  local wait = redis.call('LINDEX', KEYS[1], -limit) + window - now
  if wait > 0 then return wait end
  redis.call('LPOP', KEYS[1])
end
redis.call('RPUSH', KEYS[1], now)
redis.call('PEXPIRE', KEYS[1], window)
return 0
"""


def take(name: str, limit: int, *, seconds: float = MINUTE) -> float:
    """Count a request against `name`: 0, or the seconds until one is allowed again."""
    names, figures = [shared.name("requests", name)], [limit, round(seconds * 1000)]
    return shared.ask(lambda redis: shared.script(TAKE)(keys=names, args=figures), otherwise=0) / 1000
