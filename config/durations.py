"""Durations as people say them."""


def duration(seconds: float | None) -> str:
    """As people say it: "40 ms", "0.4 s", "41 s", "6 min 8 s", "2 h 5 min", "3 d 4 h"."""
    if seconds is None:
        return "–"
    if 0 < seconds < 0.095:
        return f"{max(1, round(seconds * 1000))} ms"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    seconds = round(seconds)
    for size, unit, part, smaller in ((86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if seconds >= size:
            return f"{seconds // size} {unit} {seconds % size // part} {smaller}"
    return f"{seconds} s"
