"""Sentences, their weight, and the facts of a text. Standard library only, and the same result every time."""

import math
import re
from collections import Counter

ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st jr sr vs etc inc ltd co corp dept gov gen sen rep e.g i.e u.s u.k no vol fig al approx "
    "jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
STOP_WORDS = frozenset(
    "a about above after again against all also am an and any are as at be because been before being below "
    "between both but by can could did do does doing down during each few for from further had has have having he "
    "her here hers him his how i if in into is it its itself just may me might more most must my no nor not now "
    "of off on once only or other our out over own said same say says she should so some such than that the their "
    "them then there these they this those through to too under until up very was we were what when where which "
    "while who whom why will with would you your".split()
)
WORD = re.compile(r"[^\W\d_][\w'’-]*")
BREAK = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])")
FACT = re.compile(r"^\s*([A-Z][\w /-]{1,29}):\s+(\S.*)$")
FIGURE = re.compile(r"[$€£]?\d[\d,.]*\d(?:\s?(?:%|pct|percent|mln|bln|million|billion))?|\d\s?(?:%|pct|percent)")


def facts(text: str) -> list[tuple[str, str]]:
    """The `Label: value` lines of `text` in order."""
    return [(match[1].strip(), " ".join(match[2].split())) for line in text.splitlines() if (match := FACT.match(line))]


def sentences(text: str) -> list[str]:
    """The sentences of `text`, white space made single, otherwise letter for letter; label lines are left out."""
    prose = " ".join(" " if FACT.match(line) else line for line in text.splitlines())
    prose = " ".join(prose.split())
    found, start = [], 0
    for gap in BREAK.finditer(prose):
        piece = prose[start : gap.end()].strip()
        last = piece.rstrip("\"'”’)].!?").rsplit(" ", 1)[-1].lower().lstrip("(“\"'")
        initial = len(last) == 1 and last.isalpha()
        if piece.endswith(".") and (last in ABBREVIATIONS or initial):
            continue
        found.append(piece)
        start = gap.end()
    return [piece for piece in [*found, prose[start:].strip()] if WORD.search(piece)]


def terms(text: str) -> list[str]:
    """The meaning-bearing words of `text`, in lower case."""
    words = (match.group().lower().removesuffix("'s").removesuffix("’s") for match in WORD.finditer(text))
    return [word for word in words if len(word) > 2 and word not in STOP_WORDS]


def keywords(text: str, count: int = 3) -> list[str]:
    """The `count` words that `text` uses most, spelled as in the text; earlier ones win a draw."""
    spelling: dict[str, str] = {}
    for match in WORD.finditer(text):
        spelling.setdefault(match.group().lower(), match.group())
    ranked = Counter(word for word in terms(text) if word in spelling)
    return [spelling[word] for word, _ in ranked.most_common(count)]


def figures(text: str, count: int = 3) -> list[str]:
    """The first `count` different numbers of two or more digits, or percentages, as they stand in `text`."""
    return list(dict.fromkeys(match.group().rstrip(".,") for match in FIGURE.finditer(text)))[:count]


def weights(pieces: list[str], question: str = "") -> list[float]:
    """How central each sentence is: a random walk over shared words, a little in favour of the opening sentence
    and of words that `question` uses."""
    bags = [Counter(terms(piece)) for piece in pieces]
    spread = Counter(word for bag in bags for word in bag)
    rarity = {word: math.log(1 + len(bags) / spread[word]) for word in spread}
    links = [[_likeness(a, b, rarity) if a is not b else 0.0 for b in bags] for a in bags]
    totals = [sum(row) or 1.0 for row in links]
    ranks = [1.0] * len(bags)
    for _ in range(30):
        ranks = [
            0.15 + 0.85 * sum(ranks[j] * links[j][i] / totals[j] for j in range(len(bags))) for i in range(len(bags))
        ]
    asked = set(terms(question))
    closeness = [1 + sum(rarity[word] for word in bag if word in asked) for bag in bags]
    return [rank * near * (1.25 if i == 0 else 1) for i, (rank, near) in enumerate(zip(ranks, closeness, strict=True))]


def _likeness(a: Counter, b: Counter, rarity: dict[str, float]) -> float:
    if not a or not b:
        return 0.0
    common = sum(a[word] * b[word] * rarity[word] ** 2 for word in a.keys() & b.keys())
    return common / (_length(a, rarity) * _length(b, rarity))


def _length(bag: Counter, rarity: dict[str, float]) -> float:
    return math.sqrt(sum((count * rarity[word]) ** 2 for word, count in bag.items()))
