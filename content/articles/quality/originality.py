"""The rule against copies of our own articles: runs of five words, compared by MinHash (Broder 1997)."""

import random
import zlib
from array import array

from content.articles.brief import Brief
from content.articles.draft import AI, Draft
from content.articles.quality.parsed import ParsedArticle
from content.texts.report import BLOCK, WARN, Finding
from content.texts.sentences import words

RUN = 5  # words
FEWEST_WORDS = 40
SIZE = 64  # of a sketch
MOST_ALIKE, RATHER_ALIKE = 0.5, 0.3
PRIME = (1 << 61) - 1
_dice = random.Random(7)  # noqa: S311  the same numbers in every process, or sketches could not be compared
FACTORS = [(_dice.randrange(1, PRIME), _dice.randrange(PRIME)) for _ in range(SIZE)]


def sketch(article: ParsedArticle) -> bytes:
    """What is stored of a text to compare others with it: 512 bytes; none for a text that is too short."""
    spoken = [word.casefold() for word in words(article.body)]
    if len(spoken) < FEWEST_WORDS:
        return b""
    runs = {zlib.crc32(" ".join(spoken[at : at + RUN]).encode()) for at in range(len(spoken) - RUN + 1)}
    return array("Q", [min((factor * run + more) % PRIME for run in runs) for factor, more in FACTORS]).tobytes()


def alike(one: bytes, other: bytes) -> float:
    """About which share of the runs of both texts is common to them: 1 for the same text, 0 for unrelated ones."""
    pairs = zip(array("Q", one), array("Q", other), strict=True)
    return sum(mine == theirs for mine, theirs in pairs) / SIZE


def original(article: ParsedArticle, brief: Brief, draft: Draft) -> Finding:
    mine = sketch(article) if draft.generator == AI and brief.others else b""
    compared = [(alike(mine, other.sketch), other.title) for other in brief.others] if mine else []
    share, title = max(compared, default=(0, ""))
    severity = BLOCK if share > MOST_ALIKE else WARN
    detail = ""
    if share > RATHER_ALIKE:
        detail = f"It is {share:.0%} like “{title}”." if title else f"It is {share:.0%} like another text of ours."
    return Finding("original", "Not a copy of another article of ours", severity, not detail, detail)


RULES = (original,)
