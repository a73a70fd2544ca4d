"""Words and sentences of plain text."""

import re
import unicodedata

WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
ABBREVIATIONS = frozenset("mr mrs ms dr prof st vs etc inc ltd vol fig approx e.g i.e u.s u.k a.m p.m".split())
# A mark of end, closing quotes or brackets, white space, and something that can begin a sentence.
BREAK = re.compile(r"(?<=[.!?…])([\"'”’)\]]*)\s+(?=[\"'“‘(\[]*[^\W_a-zß-ÿ])")
COMPLETE = re.compile(r"[.!?…。！？][\"'”’)\]]*$")


def words(text: str) -> list[str]:
    """The words of `text` as they stand; "up-to-date" and "don't" are one word each."""
    return WORD.findall(text)


def normalised(text: str) -> str:
    """`text` for comparison: NFKC, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def split(paragraph: str) -> list[str]:
    """The sentences of `paragraph`, in order, each stripped; the last one may be unfinished."""
    text = " ".join(paragraph.split())
    found, start = [], 0
    for gap in BREAK.finditer(text):
        piece = text[start : gap.end(1)]
        last = piece.rstrip("\"'”’)]").rsplit(" ", 1)[-1]
        if last.endswith(".") and _is_abbreviation(last[:-1]):
            continue
        found.append(piece)
        start = gap.end()
    return [piece for piece in [*found, text[start:]] if piece]


def is_complete(sentence: str) -> bool:
    """Does it end with a full stop, question or exclamation mark (quotes and brackets may follow)?"""
    return bool(COMPLETE.search(sentence))


def uses(phrase: str, text: str) -> int:
    """How often `phrase` occurs in `text` as whole words, whatever the case, without overlap."""
    wanted = normalised(phrase)
    if not wanted:
        return 0
    return len(re.findall(rf"(?<!\w){re.escape(wanted)}(?!\w)", normalised(text)))


def shorten(text: str, longest: int) -> str:
    """`text` cut at a word's end so that it has at most `longest` characters."""
    if len(text) <= longest:
        return text
    return text[: longest + 1].rpartition(" ")[0].rstrip(" .,;:-") or text[:longest]


def _is_abbreviation(word: str) -> bool:
    word = word.lower().lstrip("(“\"'")
    return word in ABBREVIATIONS or (len(word) == 1 and word.isalpha())
