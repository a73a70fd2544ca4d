"""How the cache does: for the endpoint of statistics."""

import re
from collections import Counter
from dataclasses import dataclass, field

from aiproviders.shared import ask

PREFIX = "copydesk:cache:"
SECONDS = {  # how long each kind is kept
    "commentary": 86400,
    "article": 300,
    "quote": 300,
    "listing": 3600,
    "title": 7 * 86400,  # of a catalogue; TMDB's terms allow six months
    "history": 4 * 86400,  # a name has the trading day in it: a weekend and a holiday is the longest it is asked for
}
COUNTERS = "copydesk:cache-counters"  # a hash: "<kind>:hits", "<kind>:misses"; all processes count together
ID = re.compile(r"(?<=:)[0-9a-f]{8,}[0-9a-f-]*(?=:|$)")


@dataclass(frozen=True)
class Stats:
    """Hits and misses since Redis was emptied, by kind as well; `keys` by pattern; `memory` in bytes, of all Redis."""

    available: bool
    hits: int = 0
    misses: int = 0
    by_kind: dict[str, dict[str, int]] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    memory: int | None = None

    @property
    def ttl(self) -> dict[str, int]:
        """Seconds, by kind."""
        return SECONDS

    @property
    def hit_rate(self) -> float | None:
        """From 0 to 1; None before the first look."""
        looks = self.hits + self.misses
        return round(self.hits / looks, 4) if looks else None


def available() -> bool:
    """Whether Redis answers."""
    return ask(lambda redis: bool(redis.ping()), otherwise=False)


def stats() -> Stats:
    """Counts of now; `available` is False, and all of them 0, when Redis is away."""
    counted, keys, memory = ask(_look, otherwise=(None, {}, None))
    if counted is None:
        return Stats(available=False)
    by_kind = {kind: {"hits": 0, "misses": 0} for kind in SECONDS}
    for name, count in counted.items():
        kind, _, what = name.rpartition(":")
        by_kind.setdefault(kind, {"hits": 0, "misses": 0})[what] = int(count)
    hits, misses = (sum(kind[what] for kind in by_kind.values()) for what in ("hits", "misses"))
    return Stats(True, hits, misses, by_kind, keys, memory)


def _look(redis) -> tuple[dict[str, str], dict[str, int], int]:
    names = (name.removeprefix(PREFIX) for name in redis.scan_iter(match=PREFIX + "*", count=1000))
    patterns = Counter(ID.sub("*", name) for name in names if not name.endswith(":lock"))
    return redis.hgetall(COUNTERS), dict(sorted(patterns.items())), redis.info("memory")["used_memory"]
