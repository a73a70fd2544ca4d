"""English inflections by rule: plurals, the forms of regular verbs, adverbs. Irregular forms stand in the lexicon."""

import re

SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")
CONSONANT_Y = re.compile(r"[^aeiou]y$")
DOUBLING = re.compile(r"^[^aeiou]*[aeiou][^aeiouwxy]$")  # ban, bans, banned


def forms(phrase: str, kind: str) -> set[tuple[str, ...]]:
    """All forms of `phrase` as tuples of words. `kind`: n(oun), v(erb), a(djective) or x (as it stands)."""
    words = tuple(phrase.split())
    if kind == "v":
        return {(form, *words[1:]) for form in _verb(words[0])}
    if kind == "n":
        return {(*words[:-1], form) for form in (words[-1], _with_s(words[-1]))}
    if kind == "a":
        return {(*words[:-1], form) for form in (words[-1], _adverb(words[-1]))}
    return {words}


def _verb(base: str) -> set[str]:
    if base.endswith("e"):
        return {base, f"{base}s", f"{base}d", f"{base if base.endswith('ee') else base[:-1]}ing"}
    if CONSONANT_Y.search(base):
        return {base, f"{base[:-1]}ies", f"{base[:-1]}ied", f"{base}ing"}
    stem = base + base[-1] if DOUBLING.search(base) else base
    return {base, _with_s(base), f"{stem}ed", f"{stem}ing"}


def _with_s(base: str) -> str:
    if CONSONANT_Y.search(base):
        return f"{base[:-1]}ies"
    return f"{base}es" if SIBILANT.search(base) else f"{base}s"


def _adverb(base: str) -> str:
    if base.endswith("ic"):
        return f"{base}ally"
    if base.endswith("le"):
        return f"{base[:-1]}y"
    return f"{base[:-1]}ily" if CONSONANT_Y.search(base) else f"{base}ly"
