"""Counting starts in sliding windows."""

import bisect


def most(moments: list[float], window: float) -> int:
    """The most of the sorted `moments` in any half-open window (t - window, t]."""
    return max(end + 1 - bisect.bisect_right(moments, moment - window) for end, moment in enumerate(moments))


def share_used(moments: list[float], limit: int, window: float) -> float:
    """How much of a limit a backlog uses: each start may be repeated after `window`; how long was it really?"""
    waits = [later - earlier for earlier, later in zip(moments, moments[limit:], strict=False)]
    return window * len(waits) / sum(waits)
