"""Words of a text as the rules about names and numbers see them."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
POSSESSIVE = re.compile(r"['’ʼ]s?$")
STARTS = re.compile(r"[.!?…:;\n]")
JOINS = re.compile(r"[ \u00a0\u2010\u2011-]+|\. ?-?")
SHORT = frozenset("jr sr dr mr mrs ms st prof vs no".split())


@dataclass(frozen=True)
class Token:
    """`folded`: without case, accents and a possessive's end. `capital`: it may be a name or a part of one. `joined`:
    nothing but a space, a hyphen or an initial's full stop parts it from the word before."""

    text: str
    folded: str
    capital: bool
    starts: bool
    joined: bool
    gap: str


@lru_cache(maxsize=256)  # several rules ask for the same blocks
def tokens(text: str) -> tuple[Token, ...]:
    """The words of `text` in their order; a hyphen parts two."""
    found: list[Token] = []
    end = 0
    for match in WORD.finditer(unicodedata.normalize("NFKC", text)):
        gap = match.string[end : match.start()]
        before = found[-1] if found else None
        initial = before is not None and gap.startswith(".") and (len(before.text) == 1 or before.folded in SHORT)
        starts = before is None or (bool(STARTS.search(gap)) and not initial)
        joined = before is not None and not starts and bool(JOINS.fullmatch(gap))
        ended = before is not None and bool(POSSESSIVE.search(before.text))
        word = match.group()
        found.append(Token(word, folded(word), _capital(word), starts, joined and not ended, gap))
        end = match.end()
    return tuple(found)


def folded(word: str) -> str:
    """One way to write a word: "Bérénice’s" and "berenice" are the same."""
    plain = unicodedata.normalize("NFKD", POSSESSIVE.sub("", word))
    letters = (letter for letter in plain if not unicodedata.combining(letter) and letter not in "'’ʼ")
    return "".join(letters).casefold()


def phrase(text: str) -> tuple[str, ...]:
    """The folded words of a name."""
    return tuple(token.folded for token in tokens(text))


def _capital(word: str) -> bool:
    """An upper case letter anywhere, or letters of a script that has no cases, in which anything may be a name."""
    letters = [letter for letter in word if letter.isalpha()]
    uncased = any(unicodedata.category(letter) == "Lo" and letter not in "ªº" for letter in letters)
    return uncased or any(letter.isupper() or letter.istitle() for letter in letters)
