"""Plain paragraphs out of whatever markup a model wrapped its text in."""

import html
import re

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from content.texts.characters import clean

FENCE = re.compile(r"^\s*```[\w-]*\n(.*?)\n?```\s*$", re.DOTALL)
LABEL = re.compile(r"^[^.!?]{1,60}?(?::|\s[-–—])\s+(?=[^\W_])")
_parser = MarkdownIt("commonmark")  # the preset that sees raw HTML as HTML, so that it can be taken out


def plain_paragraphs(text: str) -> list[str]:
    """The paragraphs of a model's answer as plain text: no headings, code, links, tags or control characters.

    A list item counts as a paragraph, without its label ("Location: ...").
    """
    paragraphs = []
    tokens = _parser.parse(_clean(text))
    for position, token in enumerate(tokens):
        if token.type == "html_block":
            paragraphs += _without_tags(token.content).split("\n\n")
        elif token.type == "inline" and tokens[position - 1].type == "paragraph_open":
            words = _words(token.children or [])
            in_list = position >= 2 and tokens[position - 2].type == "list_item_open"
            paragraphs.append(LABEL.sub("", words) if in_list else words)
    return [single for paragraph in paragraphs if (single := " ".join(paragraph.split()))]


def sections(text: str) -> list[tuple[int, str, str]]:
    """A model's answer by its headings: (level, heading as plain text, what follows); level 0 before them."""
    found = []
    for piece in re.split(r"^(?=#{1,6}[ \t])", _clean(text), flags=re.MULTILINE):
        first, _, rest = piece.partition("\n")
        if marks := re.match(r"(#{1,6})[ \t]+(.*)", first):
            found.append((len(marks[1]), " ".join(plain_paragraphs(marks[2].rstrip(" #"))), rest))
        else:
            found.append((0, "", piece))
    return found


def _clean(text: str) -> str:
    whole = FENCE.match(text)
    text = whole.group(1) if whole else text
    return clean(text)


def _words(children: list[Token]) -> str:
    """The text of one paragraph. Code stays as words, tags and pictures go."""
    parts = []
    for token in children:
        if token.type in ("text", "code_inline"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return "".join(parts)


def _without_tags(content: str) -> str:
    return html.unescape(nh3.clean(content, tags=set()))
