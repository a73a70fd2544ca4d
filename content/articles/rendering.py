"""An article's Markdown to HTML that is safe to put into a page."""

from collections.abc import Iterable

from content.articles.models import Rel
from content.articles.quality.parsed import link_target
from content.texts.rendering import html_of, parse


def render(markdown: str, *, paid: Iterable[dict]) -> str:
    """The article as sanitised HTML without its title, which has a field of its own.

    `paid` are the links that somebody paid for: {"targetUrl"[, "rel"]}. They are marked as sponsored, as search engines
    ask, or as `rel` says.
    """
    rels = {link_target(link["targetUrl"]): link.get("rel", Rel.SPONSORED) for link in paid}
    tokens = parse(markdown)
    if tokens and tokens[0].tag == "h1":
        tokens = tokens[3:]
    for link in (child for token in tokens for child in token.children or [] if child.type == "link_open"):
        if rel := rels.get(str(link.attrGet("href"))):
            link.attrSet("rel", str(rel))
    return html_of(tokens)
