"""A version as a file to take away: Markdown, HTML, plain text, Word."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from content.articles.models import ArticleVersion

_parser = MarkdownIt("js-default")
NOT_IN_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LISTS = {"bullet_list_open": "List Bullet", "ordered_list_open": "List Number"}


@dataclass(frozen=True)
class File:
    """`media_type` comes with its charset where it needs one; `suffix` is without a dot."""

    content: bytes
    media_type: str
    suffix: str


def export(version: ArticleVersion, form: str) -> File:
    """The version as one of FORMATS. Raises KeyError for any other."""
    return FORMATS[form](version)


def _markdown(version: ArticleVersion) -> File:
    return File(version.markdown.encode(), "text/markdown; charset=utf-8", "md")


def _html(version: ArticleVersion) -> File:
    title = html.escape(version.title)
    page = (
        f'<!doctype html>\n<html>\n<head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body>\n<h1>{title}</h1>\n{version.html}</body>\n</html>\n"
    )
    return File(page.encode(), "text/html; charset=utf-8", "html")


def _text(version: ArticleVersion) -> File:
    blocks = ["".join(run.text for run in block.runs) for block in _blocks(version.markdown)]
    return File(("\n\n".join(blocks) + "\n").encode(), "text/plain; charset=utf-8", "txt")


def _docx(version: ArticleVersion) -> File:
    from content.articles import word_file  # python-docx and lxml are 7 MB, and most processes write no such file

    return File(word_file.written(_storable(version.title), _blocks(version.markdown)), DOCX, "docx")


FORMATS = {"markdown": _markdown, "html": _html, "text": _text, "docx": _docx}


@dataclass(frozen=True)
class Run:
    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""


@dataclass(frozen=True)
class Block:
    """A heading, paragraph or list item; `style` is its name in Word."""

    style: str
    runs: list[Run]


def _blocks(markdown: str) -> Iterator[Block]:
    lists, quotes, style = [], 0, "Normal"
    for token in _parser.parse(markdown):
        if token.type in LISTS:
            lists.append(LISTS[token.type])
        elif token.type.endswith("_list_close"):
            lists.pop()
        elif token.type.startswith("blockquote_"):
            quotes += token.nesting
        elif token.type == "heading_open":
            style = f"Heading {token.tag[1:]}"
        elif token.type == "paragraph_open":
            style = lists[-1] if lists else "Quote" if quotes else "Normal"
        elif token.type in ("fence", "code_block"):
            yield Block("No Spacing", [Run(_storable(token.content.rstrip("\n")))])
        elif token.type == "inline":
            yield Block(style, list(_runs(token.children or [])))


def _runs(children: list[Token]) -> Iterator[Run]:
    bold = italic = 0
    href = ""
    for token in children:
        if token.tag == "strong":
            bold += token.nesting
        elif token.tag == "em":
            italic += token.nesting
        elif token.tag == "a":
            href = str(token.attrGet("href") or "") if token.nesting == 1 else ""
        elif text := {"softbreak": " ", "hardbreak": "\n"}.get(token.type, token.content):
            yield Run(_storable(text), bool(bold), bool(italic), href)


def _storable(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return NOT_IN_XML.sub("", text)
