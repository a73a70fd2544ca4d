"""Price histories, made up: for the properties that hold for all of them."""

import datetime
import math

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

FIRST = datetime.date(2021, 1, 8)
WEEK = datetime.timedelta(days=7)
SECTORS = ("Technology", "Healthcare", "Energy", "Utilities")
# The same examples in every run, however slow the machine is.
many = hypothesis_settings(max_examples=60, deadline=None, derandomize=True, database=None)

volatilities = st.floats(0.005, 3.0)
targets = st.floats(0.005, 0.3)
returns = st.lists(st.floats(-1.0, 1.0).map(lambda value: round(value, 4)), min_size=26, max_size=80)


def closes_of(log_returns: list[float], start: float = 100.0) -> list[tuple[datetime.date, float]]:
    """One close a week that moves by these log returns."""
    found, close = [(FIRST, start)], start
    for place, value in enumerate(log_returns, 1):
        close *= math.exp(value)
        found.append((FIRST + place * WEEK, close))
    return found


def wobbling(weeks: int = 60, swing: float = 0.02, phase: int = 0) -> list[tuple[datetime.date, float]]:
    """A plain usable history: up and down, in a rhythm of its own for each `phase`."""
    return closes_of([swing * math.sin((place + phase) * (1.3 + phase / 7)) for place in range(weeks)])


@st.composite
def mixes(draw) -> tuple[list[float], list[str], list[list[float]]]:
    """Volatilities, sectors and a correlation matrix of 1 to 12 instruments."""
    count = draw(st.integers(1, 12))
    common = draw(st.floats(0, 0.95))
    matrix = [[1.0 if i == j else common for j in range(count)] for i in range(count)]
    sizes = {"min_size": count, "max_size": count}
    return draw(st.lists(volatilities, **sizes)), draw(st.lists(st.sampled_from(SECTORS), **sizes)), matrix
