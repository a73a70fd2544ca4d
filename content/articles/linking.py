"""Puts links into a document: the ordered one, once, with the exact words that were ordered, and a few to the site."""

import re
from dataclasses import replace

from content.articles.brief import Brief, Related
from content.articles.document import Document, Link, Part

MOST_RELATED = 3
INVITATIONS = ("For further reading, see {anchor}.", "To find out more, see {anchor}.")


def place_link(document: Document, brief: Brief, *, part: int) -> Document:
    """The document with the ordered link in its body, neither in the first nor in the last paragraph.

    Where a sentence already says the anchor's words they become the link, in section `part` if possible; else a
    short sentence is added there. The document needs three paragraphs or more.
    """
    order = sorted(range(len(document.parts)), key=lambda number: abs(number - part))
    inner = [spot for number in order for spot in _spots(document, number) if _is_inner(document, spot)]
    for number, index in inner:
        found = find(brief.anchor, document.parts[number].paragraphs[index])
        if found:
            return _with_link(document, brief, number, index, found.start())
    return _invite(document, brief, *inner[0])


def place_related(document: Document, brief: Brief) -> Document:
    """The document with a link where the exact title of an article of the site is mentioned.

    Three at most, each article once, no two links in one paragraph.
    """
    for related in brief.related:
        if sum(link.url != brief.target_url for link in document.links) == MOST_RELATED:
            break
        document = _related(document, related)
    return document


def _related(document: Document, related: Related) -> Document:
    taken = {(link.part, link.paragraph) for link in document.links}
    for number in range(len(document.parts)):
        for _, index in _spots(document, number):
            found = find(related.title, document.parts[number].paragraphs[index])
            if found and (number, index) not in taken:
                link = Link(number, index, found.start(), found.end(), related.url)
                return replace(document, links=(*document.links, link))
    return document


def _spots(document: Document, number: int) -> list[tuple[int, int]]:
    return [(number, index) for index in range(len(document.parts[number].paragraphs))]


def _is_inner(document: Document, spot: tuple[int, int]) -> bool:
    everything = [spot for number in range(len(document.parts)) for spot in _spots(document, number)]
    return spot not in (everything[0], everything[-1])


def find(anchor: str, paragraph: str) -> re.Match | None:
    """Where `paragraph` has the words of `anchor`, letter for letter."""
    return re.search(rf"(?<!\w){re.escape(anchor)}(?!\w)", paragraph)


def _with_link(document: Document, brief: Brief, number: int, index: int, start: int) -> Document:
    link = Link(part=number, paragraph=index, start=start, end=start + len(brief.anchor), url=brief.target_url)
    return replace(document, links=(*document.links, link))


def invitation(brief: Brief, number: int) -> str:
    """A short sentence that suits every link: the only one that code writes."""
    template = INVITATIONS[(number + len(brief.topic)) % len(INVITATIONS)]
    # Two full stops in a row would look like a slip.
    template = template.replace("{anchor}.", "{anchor}") if brief.anchor[-1:] in ".!?…" else template
    return template.replace("{anchor}", brief.anchor)


def _invite(document: Document, brief: Brief, number: int, index: int) -> Document:
    paragraph = document.parts[number].paragraphs[index]
    text = f"{paragraph} {invitation(brief, number)}"
    start = text.rindex(brief.anchor)
    return _with_link(_with_paragraphs(document, number, index, (text,)), brief, number, index, start)


def _with_paragraphs(document: Document, number: int, index: int, texts: tuple[str, ...]) -> Document:
    """The document with paragraph `index` of part `number` replaced by `texts`."""
    part = document.parts[number]
    changed = Part(part.heading, (*part.paragraphs[:index], *texts, *part.paragraphs[index + 1 :]))
    return replace(document, parts=(*document.parts[:number], changed, *document.parts[number + 1 :]))
