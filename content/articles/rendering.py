"""Markdown to HTML that is safe to put into a page."""

import nh3
from markdown_it import MarkdownIt

from content.articles.quality.parsed import link_target

TAGS = {"h1", "h2", "h3", "h4", "p", "a", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "br"}
ATTRIBUTES = {"a": {"href", "rel"}, "*": set()}
_parser = MarkdownIt("js-default")


def render(markdown: str, *, target_url: str) -> str:
    """The article as sanitised HTML without its title, which has a field of its own.

    The link to `target_url` is marked as sponsored: search engines ask for that of paid links.
    """
    tokens = _parser.parse(markdown)
    if tokens and tokens[0].tag == "h1":
        tokens = tokens[3:]
    for link in (child for token in tokens for child in token.children or [] if child.type == "link_open"):
        if link.attrGet("href") == link_target(target_url):
            link.attrSet("rel", "sponsored")
    html = _parser.renderer.render(tokens, _parser.options, {})
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https"}, link_rel=None)
