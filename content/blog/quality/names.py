"""The rules that every name of a post stands in the record, and that nobody is given another one's work."""

from collections.abc import Iterator, Sequence

from content.blog.catalogues import Title
from content.blog.quality.starters import STARTERS
from content.blog.quality.text import PostText
from content.blog.quality.tokens import Token, phrase, tokens
from content.blog.quality.vocabulary import Vocabulary, vocabulary_of
from content.texts.report import BLOCK, Finding

AND = ("and", "with")
# What stands before names: the role that the record has to give them.
ROLES = {
    ("directed", "by"): "directors",
    ("director",): "directors",
    ("directors",): "directors",
    ("created", "by"): "directors",
    ("written", "by"): "writers",
    ("screenplay", "by"): "writers",
    ("script", "by"): "writers",
    ("starring",): "cast",
    ("stars",): "cast",
    ("produced", "by"): "companies",
}


def names(text: PostText, title: Title) -> Finding:
    vocabulary = vocabulary_of(title)
    found = dict.fromkeys(name for part in text.everything for name in unknown_names(part, vocabulary))
    detail = f"The catalogue does not have: {', '.join(found)}." if found else ""
    if found:
        detail += " Capitals are for names of the record and for the first word of a sentence."
    return Finding("names", "Every name comes from the catalogue", BLOCK, not found, detail[:600])


def unknown_names(text: str, vocabulary: Vocabulary) -> list[str]:
    """Capitalised words in `text`, as they stand there, that are no name of the record.

    The first word of a sentence has a capital as well: it may be one of STARTERS.
    """
    found = []
    for run in _runs(tokens(text)):
        words = tuple(token.folded for token in run)
        first_is_free = run[0].folded in STARTERS and (run[0].starts or "." in run[0].gap)
        if vocabulary.has_name(words) or (first_is_free and vocabulary.has_name(words[1:])):
            continue
        found.append(" ".join(token.text for token in run[first_is_free:]))
    return found


def _runs(words: Sequence[Token]) -> Iterator[list[Token]]:
    """Capitalised words that stand together. What may begin a sentence after "Jr." begins one."""
    run: list[Token] = []
    for token in words:
        if run and not (token.capital and token.joined and not ("." in token.gap and token.folded in STARTERS)):
            yield run
            run = []
        if token.capital:
            run.append(token)
    if run:
        yield run


def roles(text: PostText, title: Title) -> Finding:
    found = dict.fromkeys(fault for part in text.everything for fault in wrong_roles(part, title))
    return Finding("roles", "Nobody is given another one’s work", BLOCK, not found, " ".join(found)[:500])


def wrong_roles(text: str, title: Title) -> list[str]:
    """What is wrong where `text` says who directed, wrote, played or produced."""
    found, words = [], tokens(text)
    for at in range(len(words)):
        for frame, role in ROLES.items():
            if tuple(token.folded for token in words[at : at + len(frame)]) != frame:
                continue
            known = [phrase(name) for name in getattr(title, role)]
            for name in _names_after(words[at + len(frame) :]):
                parts = tuple(token.folded for token in name)
                if not any(_within(parts, one) for one in known):
                    said = " ".join(frame)
                    found.append(f"“{said} {' '.join(token.text for token in name)}” is not what the catalogue says.")
    return found


def _names_after(words: Sequence[Token]) -> Iterator[list[Token]]:
    """The names that follow at once: "A B, C D and E"."""
    run: list[Token] = []
    for token in words:
        if token.starts:
            break
        if token.capital and (token.joined or not run):
            run.append(token)
            continue
        if run:
            yield run
            run = []
        if token.capital and token.gap.strip() in (",", "&", ""):
            run = [token]
        elif token.folded not in AND:
            return
    if run:
        yield run


def _within(parts: tuple[str, ...], name: tuple[str, ...]) -> bool:
    return any(parts == name[at : at + len(parts)] for at in range(len(name)))


RULES = (names, roles)
