"""A Markdown article as the rules see it: blocks of rendered text with their links."""

from dataclasses import dataclass
from functools import cached_property

from markdown_it import MarkdownIt
from markdown_it.token import Token

from content.texts.sentences import words

_parser = MarkdownIt("js-default")
# What a careless page would make of the same text: HTML taken as HTML, every address allowed.
_careless = MarkdownIt("commonmark")
_careless.validateLink = lambda url: True


@dataclass(frozen=True)
class LinkFound:
    """`href` as it will stand in the page."""

    href: str
    text: str


@dataclass(frozen=True)
class Block:
    """A heading (level 1-6) or a paragraph (level 0) with its visible text."""

    level: int
    text: str
    links: tuple[LinkFound, ...]


class ParsedArticle:
    """Parsed once per check."""

    def __init__(self, markdown: str):
        self.markdown = markdown
        self.tokens = _parser.parse(markdown)
        self.careless_tokens = _careless.parse(markdown)

    @cached_property
    def source_blocks(self) -> list[str]:
        """The Markdown between empty lines."""
        return [block for block in self.markdown.strip().split("\n\n") if block]

    @cached_property
    def blocks(self) -> list[Block]:
        pairs = zip(self.tokens, self.tokens[1:], strict=False)
        return [_block(opening, inline) for opening, inline in pairs if inline.type == "inline"]

    @cached_property
    def headings(self) -> list[Block]:
        return [block for block in self.blocks if block.level]

    @cached_property
    def paragraphs(self) -> list[Block]:
        return [block for block in self.blocks if not block.level]

    @cached_property
    def body(self) -> str:
        """The text of all paragraphs."""
        return "\n".join(block.text for block in self.paragraphs)

    @cached_property
    def word_count(self) -> int:
        """Words a reader sees, headings and title included."""
        return sum(len(words(block.text)) for block in self.blocks)


def link_target(url: str) -> str:
    """`url` as it stands in a rendered page; two spellings of one address become equal."""
    return _parser.normalizeLink(url.strip())


def _block(opening: Token, inline: Token) -> Block:
    level = int(opening.tag[1]) if opening.type == "heading_open" else 0
    children = inline.children or []
    return Block(level, _text(children), tuple(_links(children)))


def _links(children: list[Token]):
    start = None
    for position, token in enumerate(children):
        if token.type == "link_open":
            start = position
        elif token.type == "link_close" and start is not None:
            yield LinkFound(str(children[start].attrGet("href")), _text(children[start:position]))
            start = None


def _text(children: list[Token]) -> str:
    breaks = ("softbreak", "hardbreak")
    return "".join(" " if token.type in breaks else token.content for token in children)
