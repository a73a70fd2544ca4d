"""The range of what may become of the capital, as lines for a picture that the server draws."""

import math
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 600, 240  # the picture's own units
TICKS = 4  # at most, besides zero


@dataclass(frozen=True)
class Mark:
    """A tick of an axis: where it is, and what stands there."""

    at: int
    text: str


@dataclass(frozen=True)
class Fan:
    """`band` is the outline between low and high, `middle` the line of the medians, `start` the height of the capital.

    Heights grow downwards, as in SVG.
    """

    band: str
    middle: str
    start: int
    years: list[Mark]
    amounts: list[Mark]
    width: int = WIDTH
    height: int = HEIGHT


def fan(points: list[dict[str, Any]]) -> Fan:
    """The picture of a projection's points; the first one is the capital."""
    step = nice_step(max(point["high"] for point in points) / TICKS)
    top = step * math.ceil(max(point["high"] for point in points) / step)
    end = points[-1]["years"]

    def spot(point: dict[str, Any], name: str) -> str:
        return f"{length(point['years'], end, WIDTH)},{_height(point[name], top)}"

    highs, lows = [spot(point, "high") for point in points], [spot(point, "low") for point in points]
    shown = [point["years"] for point in points if end < 6 or not point["years"] % 2]
    return Fan(
        band=" ".join(highs + lows[::-1]),
        middle=" ".join(spot(point, "median") for point in points),
        start=_height(points[0]["median"], top),
        years=[Mark(length(year, end, WIDTH), f"{year:g}") for year in shown],
        amounts=[Mark(_height(step * place, top), short(step * place)) for place in range(round(top / step) + 1)],
    )


def length(value: float, highest: float, longest: int) -> int:
    """How long `value` is, when `highest` is as long as the picture allows."""
    return round(value * longest / highest) if highest else 0


def _height(amount: float, top: float) -> int:
    return HEIGHT - length(amount, top, HEIGHT)


def nice_step(least: float) -> float:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * size for size in (1, 2, 2.5, 5, 10) if power * size >= least * (1 - 1e-9))


def short(amount: float) -> str:
    """An amount as an axis has it: 2.5k, 10M."""
    for size, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
        if amount >= size:
            return f"{amount / size:g}{letter}"
    return f"{amount:g}"
