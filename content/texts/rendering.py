"""Markdown to HTML that is safe to put into a page."""

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {"h1", "h2", "h3", "h4", "p", "a", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "br"}
ATTRIBUTES = {"a": {"href", "rel"}, "*": set()}
_parser = MarkdownIt("js-default")


def parse(markdown: str) -> list[Token]:
    """The tokens of `markdown`; HTML in it is text."""
    return _parser.parse(markdown)


def html_of(tokens: list[Token]) -> str:
    """Sanitised HTML of `tokens` from `parse`."""
    html = _parser.renderer.render(tokens, _parser.options, {})
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https"}, link_rel=None)
