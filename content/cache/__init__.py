"""A cache on Redis that many processes share: what is wanted by fifty at once is made once.

It may be away or lose everything: then everybody makes what they want themselves, and nothing fails. What may be
cached is JSON. Keys read like `article:<id>:view`, so that `delete("article:<id>:*")` drops all that depends on one.
"""

from content.cache.counters import Stats, available, stats
from content.cache.entries import delete, get, get_or_set, peek

__all__ = ["Stats", "available", "delete", "get", "get_or_set", "peek", "stats"]
