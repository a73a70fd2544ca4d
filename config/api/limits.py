"""So many requests per minute of one caller, exact across all processes: no 60 seconds, wherever they begin, have more.

Without Redis nothing is limited. One round trip for a request; a refused one does not count.
"""

from aiproviders import shared

WINDOW = 60_000  # milliseconds

# KEYS: when each request of the last minute came, oldest first, never more than the limit. ARGV: limit, window.
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


def take(name: str, limit: int) -> float:
    """Count a request against `name`: 0, or the seconds until one is allowed again."""
    key = shared.name("requests", name)
    return shared.ask(lambda redis: shared.script(TAKE)(keys=[key], args=[limit, WINDOW]), otherwise=0) / 1000
