"""Seconds as people say them."""


def in_words(seconds: int | None) -> str:
    """A range around an estimate: "10-25 seconds", "2-4 minutes", "3-6 hours"; "unknown" when there is none."""
    if seconds is None:
        return "unknown"
    size, step, unit = (
        (1, 5, "seconds") if seconds <= 60 else (60, 1, "minutes") if seconds <= 3600 else (3600, 1, "hours")
    )
    shortest = max(int(seconds * 0.7 / size) // step * step, step)
    longest = max(-(-int(seconds * 1.5 / size) // step) * step, shortest + step)
    return f"{shortest}-{longest} {unit}"
