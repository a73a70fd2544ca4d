"""The numbers in a text: in digits, with their scale and unit, and in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

SCALES = {
    **dict.fromkeys(("k", "thousand", "thousands"), 1e3),
    **dict.fromkeys(("m", "mn", "million", "millions"), 1e6),
    **dict.fromkeys(("bn", "b", "billion", "billions"), 1e9),
    **dict.fromkeys(("trillion", "trillions"), 1e12),
    "hundred": 1e2,
}
UNITS = dict(
    zip(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen".split(),
        range(2, 20),
        strict=True,
    )
)
TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
# Words that claim a number without naming one.
VAGUE = "half halves halved double doubles doubled doubling triple tripled twice thrice dozen dozens hundreds".split()
PERCENT = r"\s?-?(?:%|percent\b|per cent\b|percentage\b|pct\b)"
DIGITS = re.compile(
    r"(?P<digits>\d{1,3}(?:[,' ]\d{3})+(?:\.\d+)?(?!\d)|\d+(?:[.,]\d+)?)"
    rf"(?:\s?(?P<scale>{'|'.join(sorted(SCALES, key=len, reverse=True))})\b)?(?P<percent>{PERCENT})?",
    re.IGNORECASE,
)
WORDS = re.compile(
    rf"\b(?P<word>(?:{'|'.join(TENS)})(?:[- ](?:one|{'|'.join(list(UNITS)[:8])}))?|{'|'.join(UNITS)}|a hundred|"
    rf"one hundred|{'|'.join(VAGUE)}|a quarter|a third|two[- ]thirds)\b"
    rf"(?:\s(?P<scale>{'|'.join(name for name in SCALES if len(name) > 2)})\b)?(?P<percent>{PERCENT})?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Number:
    """`value` is None for a word like "double"; `exact` is half a unit of the last digit that was written."""

    shown: str
    value: float | None
    exact: float
    percent: bool

    def is_one_of(self, others: list["Number"]) -> bool:
        """Whether one of `others` reads like this when rounded as this is; percentages are percentages."""
        return self.value is not None and any(
            abs(self.value - other.value) <= self.exact * 1.000001 + 1e-9 and (other.percent or not self.percent)
            for other in others
            if other.value is not None
        )


def numbers(text: str) -> list[Number]:
    """Those of `text`, which is in Unicode's form NFKC: no other spelling of a digit is left there."""
    return [*_in_digits(text), *_in_words(text)]


def _in_digits(text: str) -> Iterator[Number]:
    for match in DIGITS.finditer(text):
        digits = match["digits"]
        grouped = re.fullmatch(r"\d{1,3}(?:[,' ]\d{3})+(?:\.\d+)?", digits)
        plain = re.sub(r"[,' ]", "", digits) if grouped else digits.replace(",", ".")
        scale = SCALES[match["scale"].lower()] if match["scale"] else 1.0
        places = len(plain.partition(".")[2])
        yield Number(match[0].strip(), float(plain) * scale, scale * 10.0**-places / 2, bool(match["percent"]))


def _in_words(text: str) -> Iterator[Number]:
    for match in WORDS.finditer(text):
        scale = SCALES[match["scale"].lower()] if match["scale"] else 1.0
        parts = re.split(r"[- ]", match["word"].lower())
        value = {"a hundred": 100.0, "one hundred": 100.0}.get(" ".join(parts))
        if value is None and all(part in TENS or part in UNITS or part == "one" for part in parts):
            value = float(sum(TENS.get(part) or UNITS.get(part) or 1 for part in parts))
        yield Number(match[0].strip(), value and value * scale, scale / 2, bool(match["percent"]))
