"""Which links rest, until when, and why. A link is one model of one provider under one key.

Shared by all workers through Redis. Without Redis nothing rests: every link is asked, as if all were well.
"""

from dataclasses import dataclass

from aiproviders import registry, shared

BUSY_SECONDS = 20.0  # after "rate_limit" and "overloaded" when the provider does not say how long
LEAST_SECONDS = 1.0
STUMBLES, STUMBLE_WINDOW, STUMBLE_SECONDS = 3, 60.0, 30.0
QUOTA_SECONDS, QUOTA_MOST_SECONDS = 900.0, 86400.0
REFUSED_SECONDS = 90 * 86400.0  # a refused key rests until it is saved again; this only tidies up after users who left

STUMBLE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
redis.call('LPUSH', KEYS[1], now)
redis.call('LTRIM', KEYS[1], 0, ARGV[1] - 1)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
local earliest = redis.call('LINDEX', KEYS[1], ARGV[1] - 1)
if earliest and now - earliest <= tonumber(ARGV[2]) then
  redis.call('SET', KEYS[2], ARGV[4], 'NX', 'PX', ARGV[3])
  redis.call('DEL', KEYS[1])
end
"""
# Ten workers that meet the same empty account at once have met it once, so only the first one doubles the rest.
QUOTA = """
if redis.call('SET', KEYS[1], 'quota', 'NX', 'PX', ARGV[1]) then
  local rest = math.min(ARGV[1] * 2 ^ (redis.call('INCR', KEYS[2]) - 1), ARGV[2])
  redis.call('PEXPIRE', KEYS[1], rest)
  redis.call('PEXPIRE', KEYS[2], rest * 2)
end
redis.call('PEXPIRE', KEYS[1], ARGV[3], 'GT')
"""


@dataclass(frozen=True)
class Bench:
    """Why a link rests (a kind of error) and for how many more seconds; `seconds` is None for a refused key."""

    kind: str
    seconds: float | None


def bench_of(provider: str, model: str, fingerprint: str) -> Bench | None:
    """Where the link rests; None when it may be asked. One round trip, two when it rests."""
    names = [_key_name(provider, fingerprint), _link_name(provider, model, fingerprint)]
    kinds = shared.ask(lambda redis: redis.mget(names), otherwise=[None, None])
    resting = [(kind, name) for kind, name in zip(kinds, names, strict=True) if kind]
    if not resting:
        return None
    if resting[0][0] == "auth":
        return Bench("auth", None)
    left = shared.ask(lambda redis: [max(0, redis.pttl(name)) for _, name in resting], otherwise=[0] * len(resting))
    longest = max(range(len(resting)), key=left.__getitem__)
    return Bench(resting[longest][0], left[longest] / 1000) if left[longest] else None


def rest_link(provider: str, model: str, fingerprint: str, *, kind: str, seconds: float | None) -> None:
    """Let the link rest for `seconds` (None: BUSY_SECONDS). A longer rest that it already has stays."""
    name = _link_name(provider, model, fingerprint)
    milliseconds = _milliseconds(max(LEAST_SECONDS, BUSY_SECONDS if seconds is None else seconds))

    def write(redis):
        with redis.pipeline() as pipe:
            pipe.set(name, kind, nx=True, px=milliseconds).pexpire(name, milliseconds, gt=True).execute()

    shared.ask(write, otherwise=None)


def stumbled(provider: str, model: str, fingerprint: str, *, kind: str) -> None:
    """Count one failure of the server or the line; the third within a minute lets the link rest for half a minute."""
    link = _link_name(provider, model, fingerprint)
    names, figures = [f"{link}:stumbles", link], [_milliseconds(STUMBLE_WINDOW), _milliseconds(STUMBLE_SECONDS)]
    shared.ask(lambda redis: shared.script(STUMBLE)(keys=names, args=[STUMBLES, *figures, kind]), otherwise=None)


def rest_key(provider: str, fingerprint: str, *, kind: str, seconds: float | None = None) -> None:
    """Let every model under this key rest: "auth" until `lift`, "quota" 15 minutes, doubling each time up to a day.

    `seconds` is what the provider asked for; of two times the longer one counts.
    """
    name = _key_name(provider, fingerprint)
    if kind == "auth":
        shared.ask(lambda redis: redis.set(name, kind, px=_milliseconds(REFUSED_SECONDS)), otherwise=None)
        return
    figures = [_milliseconds(QUOTA_SECONDS), _milliseconds(QUOTA_MOST_SECONDS), _milliseconds(seconds or LEAST_SECONDS)]
    shared.ask(lambda redis: shared.script(QUOTA)(keys=[name, f"{name}:times"], args=figures), otherwise=None)


def lift(fingerprint: str) -> None:
    """Forget what is held against a key: it was saved again, or a check with it has succeeded."""
    names = [_key_name(provider, fingerprint) for provider in registry.PROVIDERS]
    shared.ask(lambda redis: redis.delete(*names, *(f"{name}:times" for name in names)), otherwise=None)


def _key_name(provider: str, fingerprint: str) -> str:
    return shared.name("key", provider, fingerprint)


def _link_name(provider: str, model: str, fingerprint: str) -> str:
    return shared.name("link", provider, fingerprint, model)


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))
