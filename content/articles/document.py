"""An article as plain text in a structure, and the one place where it becomes Markdown.

Because every word stays plain until here and is escaped here, nothing that a model or a customer wrote can become
markup: the only heading, link and emphasis are those that code put in.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

SPECIAL = re.compile(r"[\\`*_\[\]<>~#|]|&(?=#?\w+;)|!(?=\[)")
LINE_START = re.compile(r"^(?:([-+=])|(\d{1,9})([.)]))")
UNSAFE_IN_ADDRESS = re.compile(r"[\s\x00-\x1f<>\"\\`]")
ENTITY = re.compile(r"&(?=#?\w+;)")


@dataclass(frozen=True)
class Part:
    """One section: its heading and its paragraphs, all plain text on one line each."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """A link: which characters of which paragraph it covers."""

    part: int
    paragraph: int
    start: int
    end: int
    url: str


@dataclass(frozen=True)
class Document:
    title: str
    parts: tuple[Part, ...]
    links: tuple[Link, ...] = ()  # none in another


def to_markdown(document: Document) -> str:
    """CommonMark with the title as H1 and the parts' headings as H2."""
    blocks = [f"# {escaped(document.title)}"]
    for number, part in enumerate(document.parts):
        blocks.append(f"## {escaped(part.heading)}")
        for index, paragraph in enumerate(part.paragraphs):
            here = [link for link in document.links if (link.part, link.paragraph) == (number, index)]
            blocks.append(linked(paragraph, [(link.start, link.end, link.url) for link in here]))
    return "\n\n".join(blocks) + "\n"


def escaped(text: str) -> str:
    """`text` so that Markdown shows it letter for letter."""
    text = _inside(text)
    return LINE_START.sub(lambda match: f"{match[2] or ''}\\{match[1] or match[3]}", text)


def destination(url: str) -> str:
    """`url` as the address of a Markdown link, in the form that leaves parentheses alone."""
    safe = UNSAFE_IN_ADDRESS.sub(lambda match: quote(match.group(), safe=""), url.strip())
    return f"<{ENTITY.sub(lambda match: chr(92) + '&', safe)}>"


def linked(paragraph: str, links: Iterable[tuple[int, int, str]]) -> str:
    """The plain `paragraph` as Markdown, with `links` (start, end, address) that do not overlap."""
    done, position = "", 0
    for start, end, url in sorted(links):
        before = paragraph[position:start]
        opening = _inside(before) if position else escaped(before)
        if opening.endswith("!"):  # "![" would begin a picture
            opening = f"{opening[:-1]}\\!"
        done += f"{opening}[{_inside(paragraph[start:end])}]({destination(url)})"
        position = end
    rest = paragraph[position:]
    return done + (_inside(rest) if position else escaped(rest))


def _inside(text: str) -> str:
    return SPECIAL.sub(lambda match: "\\" + match.group(), text)
