"""The rule that every year and number of a post stands in the record."""

import calendar
import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from content.blog.catalogues import Title
from content.blog.quality.text import PostText
from content.blog.quality.tokens import Token, tokens
from content.blog.quality.vocabulary import NUMBER, Vocabulary, value_of, vocabulary_of
from content.texts.report import BLOCK, Finding

UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
UNITS += "seventeen eighteen nineteen".split()
TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
ORDINALS = "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
SPOKEN = {word: number for number, word in enumerate(UNITS)} | TENS
SPOKEN |= {word: number for number, word in enumerate(ORDINALS, start=3)}
SPOKEN |= {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
SPOKEN |= {f"{word}s": SPOKEN[word] for word in ("dozen", "hundred", "thousand", "million", "billion")}
SPOKEN |= {f"{word[:-1]}ies": number for word, number in TENS.items()}  # nineties
del SPOKEN["one"]  # no count in most sentences: "one of them"
MONTHS = "|".join(calendar.month_name[1:])
OUT_OF_TEN = re.compile(r"\b(\d+(?:\.\d+)?)(?: out of | of |\s?/\s?)(?:10|ten)\b", re.IGNORECASE)
NEAR = 45  # characters
HOURS = re.compile(r"(\d+)\s*(?:h|hrs?|hours?)\b(?:,?\s*(?:and\s*)?(\d+)\s*(?:min|mins|minutes?|m)\b)?", re.IGNORECASE)
DECADE = re.compile(r"\b(?:(\d{3}0)|['’]?(\d0))['’]?s\b")
ORDINAL = "(?:st|nd|rd|th)?"
DATE = re.compile(rf"\b(\d{{1,2}}){ORDINAL}(?: of)? ({MONTHS})\b|\b({MONTHS}) (\d{{1,2}}){ORDINAL}\b", re.IGNORECASE)
CENTURY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)[ -]century\b", re.IGNORECASE)


def numbers(text: PostText, title: Title) -> Finding:
    vocabulary = vocabulary_of(title)
    found = dict.fromkeys(number for part in text.everything for number in unknown_numbers(part, vocabulary))
    detail = f"The catalogue does not have: {', '.join(found)}." if found else ""
    return Finding("numbers", "Every year and number comes from the catalogue", BLOCK, not found, detail[:500])


def unknown_numbers(text: str, vocabulary: Vocabulary) -> list[str]:
    """The years and numbers in `text`, as they stand there, that the record does not have."""
    text = _without_derived(unicodedata.normalize("NFKC", text), vocabulary.title)
    words = tokens(text)
    found = []
    for match in NUMBER.finditer(text):
        number = value_of(match.group())
        around = text[max(0, match.start() - NEAR) : match.end() + NEAR]
        if not vocabulary.has_number(number, around) and not _is_count(number, match.group(), words, vocabulary):
            found.append(match.group())
    return found + [word.text for at, word in enumerate(words) if not _may_be_said(words, at, vocabulary)]


def _without_derived(text: str, title: Title) -> str:
    """Without what follows from the record: "out of 10", hours and minutes, the day, the decade, the century."""
    if title.rating is not None:
        text = OUT_OF_TEN.sub(lambda m: " " if Decimal(m[1]) == Decimal(f"{title.rating:.1f}") else m[0], text)
    text = HOURS.sub(lambda m: " " if int(m[1]) * 60 + int(m[2] or 0) == title.runtime else m[0], text)
    if title.release_date:
        text = DATE.sub(lambda m: " " if _is_day(m, title) else m[0], text)
    if title.year:
        decade = title.year // 10 * 10
        text = DECADE.sub(lambda m: " " if int(m[1] or m[2]) in (decade, decade % 100) else m[0], text)
        text = CENTURY.sub(lambda m: " " if int(m[1]) == (title.year - 1) // 100 + 1 else m[0], text)
    return text


def _is_day(match: re.Match, title: Title) -> bool:
    """Whether it is the day of the release: "23 October", "October 23rd"."""
    day, month = (match[1], match[2]) if match[1] else (match[4], match[3])
    return int(day) == title.release_date.day and month.casefold() == f"{title.release_date:%B}".casefold()


def _may_be_said(words: Sequence[Token], at: int, vocabulary: Vocabulary) -> bool:
    """Whether the word is no number, or one that the record has in digits, in words or as a count of names."""
    word = words[at].folded
    if word not in SPOKEN or word in vocabulary.words:
        return True
    number = Decimal(SPOKEN[word])
    if word in TENS and at + 1 < len(words) and words[at + 1].gap in "-\u2010\u2011 " and _unit(words[at + 1]):
        number += SPOKEN[words[at + 1].folded]  # twenty-three
    elif at and words[at - 1].folded in TENS and words[at].gap in "-\u2010\u2011 " and _unit(words[at]):
        number += SPOKEN[words[at - 1].folded]
    if vocabulary.has_number(number, " ".join(near.text for near in words[max(0, at - 5) : at + 6])):
        return True
    year = vocabulary.title.year
    if word.endswith("ies") and year:
        return SPOKEN[word] == year // 10 * 10 % 100
    return _is_count(number, words[at].text, words, vocabulary)


def _unit(word: Token) -> bool:
    return 0 < SPOKEN.get(word.folded, 0) < 10


def _is_count(number: Decimal, written: str, words: Sequence[Token], vocabulary: Vocabulary) -> bool:
    """Whether what is counted, the word after `written`, is named so often in the record."""
    nouns = [after.folded for word, after in zip(words, words[1:], strict=False) if word.text == written]
    known = [start for start, count in vocabulary.counts.items() if number == count]
    return bool(nouns) and all(noun.startswith(tuple(known)) for noun in nouns) and bool(known)


RULES = (numbers,)
