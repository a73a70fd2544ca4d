"""The local scores: how much hype and how much of ethical weight a text has, by its words alone.

    score = 10 x (1 - e^(-d / 6)), to one decimal; d = points per 100 words of title and text (counted as 100 at least)
    points = the sum over the lexicon's words of weight x (times in the text, 3 at most, + 2 x times in the title)

A negated word gives no points. The same text always has the same scores; docs/stories.md explains them to people.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from content.stories.lexicon import NEGATIONS, STRENGTHENED, TABLE, VERSION, Entry

LEAST_WORDS = 100  # or one strong word in a short text would be everything
MOST_TIMES, IN_TITLE = 3, 2
SCALE = 6
REACH = 3  # words from a negation to what it negates
MOST_EVIDENCE = 20
# A word, or what ends a clause.
TOKEN = re.compile(r"\w+(?:'\w+)*|[.,;:!?()]|\n\s*\n|\s[–—-]+\s|—")
WORD = re.compile(r"\w")
ENDS_CLAUSE = frozenset(("but", "although", "though", "however", "yet"))


@dataclass(frozen=True)
class Scores:
    """Each from 0 to 10; `evidence`: topic -> what was found, heaviest first (see `_line`)."""

    hype: float
    ethics: float
    evidence: dict[str, list[dict]]
    version: str = VERSION


@dataclass
class _Finding:
    entry: Entry
    times: int = 0
    in_title: int = 0
    negated: int = 0
    forms: dict[str, None] = field(default_factory=dict)  # in the order of their first appearance

    @property
    def points(self) -> int:
        return self.entry.weight * (min(self.times, MOST_TIMES) + IN_TITLE * self.in_title)


def score(title: str, content: str) -> Scores:
    """The scores of a story, and the words that made them."""
    found: dict[Entry, _Finding] = {}
    words = 0
    for text, in_title in ((title, True), (content, False)):
        tokens = _tokens(text)
        words += sum(bool(WORD.match(token)) for token in tokens)
        for entry, form, negated in _hits(tokens):
            finding = found.setdefault(entry, _Finding(entry))
            finding.forms[form] = None
            if negated:
                finding.negated += 1
            elif in_title:
                finding.in_title += 1
            else:
                finding.times += 1
    points = {topic: [line for line in found.values() if line.entry.topic == topic] for topic in ("hype", "ethics")}
    return Scores(
        **{topic: _score(sum(line.points for line in lines), words) for topic, lines in points.items()},
        evidence={topic: _evidence(lines) for topic, lines in points.items()},
    )


def _score(points: int, words: int) -> float:
    density = points * 100 / max(words, LEAST_WORDS)
    return round(10 * (1 - math.exp(-density / SCALE)), 1)


def _evidence(lines: list[_Finding]) -> list[dict]:
    ranked = sorted(lines, key=lambda line: (-line.points, line.entry.word))
    return [_line(line) for line in ranked[:MOST_EVIDENCE]]


def _line(finding: _Finding) -> dict:
    """`word` of the lexicon, the `forms` found, how often it `count`ed (the title too), was `negated`, its `points`."""
    return {
        "word": finding.entry.word,
        "forms": list(finding.forms),
        "count": finding.times + finding.in_title,
        "negated": finding.negated,
        "points": finding.points,
    }


def _tokens(text: str) -> list[str]:
    return [token.group() for token in TOKEN.finditer(text.lower().replace("’", "'"))]


def _hits(tokens: list[str]) -> Iterator[tuple[Entry, str, bool]]:
    """(entry, form, is it negated?) for each of the lexicon's words and phrases; the longest phrase counts."""
    words = [token.removesuffix("'s").replace("'", "") for token in tokens]
    index, negation = 0, -REACH - 1
    while index < len(words):
        word = words[index]
        for form, entry in TABLE.get(word, ()):
            if tuple(words[index : index + len(form)]) == form:
                yield entry, " ".join(form), index - negation <= REACH
                index += len(form)
                break
        else:
            if not WORD.match(word) or word in ENDS_CLAUSE:
                negation = -REACH - 1
            elif word in NEGATIONS and not STRENGTHENED.intersection(words[index + 1 : index + 2]):
                negation = index
            index += 1
