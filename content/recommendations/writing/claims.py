"""Is what a model wrote covered by the facts? Every ticker, name and number is looked up; a prompt promises nothing."""

import re
import unicodedata

from content.recommendations.market.instruments import INSTRUMENTS
from content.recommendations.writing.facts import Facts
from content.recommendations.writing.numbers import numbers
from content.texts.characters import clean
from content.texts.leftovers import forbidden_in

SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[&.'’-](?=[^\W\d_]))*")
SYMBOL = re.compile(r"\$([a-z][a-z.]{0,5})\b", re.IGNORECASE)
OPENS = (":", ";", "(", '"', "“", "-", "–", "•", "*")  # what follows them may have a capital for no other reason
ORDINARY = frozenset("a i us usa usd u.s eu uk etf etfs fund funds sector sectors gdp".split())
ADDRESS = re.compile(r"https?:|www\.|\w@\w|<\s*[a-z/!]|source-[0-9a-f]{8}", re.IGNORECASE)
PROMISE = re.compile(
    r"(?P<denied>\b(?:not|not a|no|never|never a|nothing is) )?\bguarantee|\brisk[- ]free|\bno risk\b|"
    r"\bwithout (?:any )?risk|\bcan(?:no|')t lose|\bsure thing|\bcertain to\b|"
    r"\bwill (?:certainly|definitely|surely)\b",
    re.IGNORECASE,
)
MOST = 8  # findings that are fed back


def plain(text: str) -> str:
    """One spelling of each character, nothing invisible, paragraphs apart."""
    paragraphs = (" ".join(part.split()) for part in clean(unicodedata.normalize("NFKC", text)).split("\n"))
    return "\n\n".join(part for part in paragraphs if part)


def faults(text: str, facts: Facts, *, about: str = "") -> list[str]:
    """What is wrong with a plain text, each as a sentence for the model; `about`: the ticker that it explains."""
    found = []
    if ADDRESS.search(text):
        found.append("It has an address, markup or marks in it.")
    if any(character.isnumeric() and not character.isdecimal() for character in text):
        found.append("It spells a number in unusual characters.")
    promises = [match[0] for match in PROMISE.finditer(text) if not match["denied"]]
    if unfit := promises + forbidden_in(text):
        found.append(f"It promises, or speaks about itself: {unfit[0]}.")
    for sentence in SENTENCE.split(text):
        found += _wrong_names(sentence, facts) + _wrong_numbers(sentence, facts, about)
    return list(dict.fromkeys(found))[:MOST]


def _wrong_numbers(sentence: str, facts: Facts, about: str) -> list[str]:
    """A sentence that names tickers may use their figures and the general ones, and no other ticker's."""
    named = {about} if about else set()
    named |= {ticker for ticker in facts.of if re.search(rf"(?<![\w.]){re.escape(ticker)}(?![\w])", sentence)}
    lines = [*facts.general, *(line for ticker, line in facts.of.items() if not named or ticker in named)]
    known = numbers("\n".join(lines))
    whose = f" about {', '.join(sorted(named))}" if named else ""
    return [
        f"The number {number.shown} is not among the facts{whose}."
        for number in numbers(sentence)
        if not number.is_one_of(known)
    ]


def _wrong_names(sentence: str, facts: Facts) -> list[str]:
    known = {word.casefold() for word in WORD.findall(facts.text)} | ORDINARY
    suspects = [match[1] for match in SYMBOL.finditer(sentence) if match[1].upper() not in facts.of]
    for match in WORD.finditer(sentence):
        word, before = match[0], sentence[: match.start()].rstrip()
        opens = not before or before.endswith(OPENS)
        looks_like_one = word.isupper() and len(word) > 1 if opens else word != word.lower()
        if looks_like_one and not _is_known(word, known):
            suspects.append(word)
    others = (one.name for one in INSTRUMENTS if one.ticker not in facts.of)
    suspects += [name for name in others if _mentions(sentence, name) and not _mentions(facts.text, name)]
    return [f"The name {name[:40]} is not among the facts." for name in dict.fromkeys(suspects)]


def _is_known(word: str, known: set[str]) -> bool:
    bare = word.casefold().removesuffix("'s").removesuffix("’s").removesuffix("s'")
    return bare in known or all(part in known for part in re.split(r"[-.'’]", bare) if part)


def _mentions(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None
