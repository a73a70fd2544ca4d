"""Markdown to HTML that is safe to put into a page."""

from collections.abc import Iterable

import nh3
from markdown_it import MarkdownIt

from content.articles.models import Rel
from content.articles.quality.parsed import link_target

TAGS = {"h1", "h2", "h3", "h4", "p", "a", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "br"}
ATTRIBUTES = {"a": {"href", "rel"}, "*": set()}
_parser = MarkdownIt("js-default")


def render(markdown: str, *, paid: Iterable[dict]) -> str:
    """The article as sanitised HTML without its title, which has a field of its own.

    `paid` are the links that somebody paid for: {"targetUrl"[, "rel"]}. They are marked as sponsored, as search engines
    ask, or as `rel` says.
    """
    rels = {link_target(link["targetUrl"]): link.get("rel", Rel.SPONSORED) for link in paid}
    tokens = _parser.parse(markdown)
    if tokens and tokens[0].tag == "h1":
        tokens = tokens[3:]
    for link in (child for token in tokens for child in token.children or [] if child.type == "link_open"):
        if rel := rels.get(str(link.attrGet("href"))):
            link.attrSet("rel", str(rel))
    html = _parser.renderer.render(tokens, _parser.options, {})
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https"}, link_rel=None)
