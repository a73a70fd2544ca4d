"""Counting starts in sliding windows."""

import bisect


def most(moments: list[float], window: float) -> int:
    """The most of the sorted `moments` in any half-open window (t - window, t]."""
    return max(end + 1 - bisect.bisect_right(moments, moment - window) for end, moment in enumerate(moments))
