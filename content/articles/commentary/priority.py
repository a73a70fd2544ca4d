"""How urgent an article is: readers look at new ones."""

import datetime
import math

LAST = 10


def priority(published_at: datetime.datetime, now: datetime.datetime) -> int:
    """1 (first) to 10: `1 + floor(log2(1 + age in hours))`, at most 10.

    Each step is twice as long as the one before: below an hour 1, 3 h 2, 7 h 3, 15 h 4, 31 h 5, 63 h 6, 5 days 7,
    11 days 8, 21 days 9, and older 10.
    """
    hours = max(0.0, (now - published_at).total_seconds() / 3600)
    return min(LAST, 1 + math.floor(math.log2(1 + hours)))
