from aiproviders.shared import client
from content import cache
from content.cache.counters import PREFIX
from tests.content.cache.test_entries import empty, get

__all__ = ["empty"]


def test_hits_and_misses_are_counted_by_kind_and_keys_by_pattern():
    get(), get(), get()
    cache.get("article:0192f0aa-0000-7000-8000-00000000000a:commentary:0a1b2c3d", kind="commentary")
    client().set(PREFIX + "article:0192f0aa-0000-7000-8000-00000000000a:view", "1")
    stats = cache.stats()
    assert (stats.hits, stats.misses, stats.hit_rate) == (2, 2, 0.5)
    looked_for = {kind: counts for kind, counts in stats.by_kind.items() if any(counts.values())}
    assert looked_for == {"article": {"hits": 2, "misses": 1}, "commentary": {"hits": 0, "misses": 1}}
    assert stats.by_kind["quote"] == {"hits": 0, "misses": 0}
    assert stats.keys == {"article:*:view": 1, "article:7:view": 1}
    assert stats.memory > 100_000


def test_nothing_looked_for_has_no_rate():
    assert cache.stats().hit_rate is None
