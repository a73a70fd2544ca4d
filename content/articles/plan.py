"""The plan of an article, made by code: a weak model cannot plan, and a plan must be the same on every retry."""

import hashlib
from dataclasses import dataclass

from content.articles import angles
from content.articles.brief import Brief
from content.texts.addresses import without_addresses
from content.texts.sentences import shorten, words

LONGEST_TITLE = 90  # characters
SECTIONS_BY_WORDS = ((250, 3), (550, 4), (900, 5))
MOST_SECTIONS = 6
FEWEST_WORDS = 40  # of a section
LINK_SENTENCE_WORDS = 8


@dataclass(frozen=True)
class Section:
    """`words` is its budget; `instruction` is for the model, without any word of the customer's."""

    heading: str
    instruction: str
    words: int
    carries_link: bool


@dataclass(frozen=True)
class Plan:
    title: str
    sections: tuple[Section, ...]


def make_plan(brief: Brief) -> Plan:
    """3 to 6 sections by the ordered length. The same brief always gives the same plan."""
    title = title_from(brief.topic, but=brief.addresses)
    subject = shorten(without_addresses(brief.keyword, but=brief.addresses) or title, 60)
    chosen = _angles(count=_section_count(brief.words), seed=f"{brief.topic}|{brief.keyword}")
    headings = [_capitalised(angle.heading.format(keyword=subject)) for angle in chosen]
    around = len(words(" ".join([title, *headings]))) + LINK_SENTENCE_WORDS
    budget = max(FEWEST_WORDS, round((brief.words - around) / len(chosen)))
    sections = [
        Section(heading, angle.instruction, budget, carries_link=index == len(chosen) // 2)
        for index, (heading, angle) in enumerate(zip(headings, chosen, strict=True))
    ]
    return Plan(title=title, sections=tuple(sections))


def title_from(topic: str, *, but: frozenset[str] = frozenset()) -> str:
    """The topic as a title: one line, no address (those in `but` stay), no full stop, first letter large, at most 90
    characters."""
    return _capitalised(shorten(without_addresses(topic, but=but).rstrip(" .,;:-"), LONGEST_TITLE)) or "Untitled"


def _capitalised(text: str) -> str:
    # A word with a capital inside (iPhone, eBay) is spelled that way on purpose.
    first = text.split(" ", 1)[0]
    return text if first != first.lower() else text[:1].upper() + text[1:]


def _section_count(ordered: int) -> int:
    return next((count for limit, count in SECTIONS_BY_WORDS if ordered < limit), MOST_SECTIONS)


def _angles(*, count: int, seed: str) -> list[angles.Angle]:
    """An opening, `count` - 2 different middles, a closing, chosen by the seed; the keyword in at most two headings."""
    dice = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8])
    middle = sorted(angles.MIDDLE, key=lambda angle: hashlib.sha256(f"{seed}{angle.heading}".encode()).digest())
    chosen = set(middle[: count - 2])
    return [
        angles.OPENING[dice % len(angles.OPENING)],
        *(angle for angle in angles.MIDDLE if angle in chosen),
        angles.CLOSING[dice // 7 % len(angles.CLOSING)],
    ]
