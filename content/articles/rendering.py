"""An article's Markdown to HTML that is safe to put into a page."""

from content.articles.quality.parsed import link_target
from content.texts.rendering import html_of, parse


def render(markdown: str, *, target_url: str) -> str:
    """The article as sanitised HTML without its title, which has a field of its own.

    The link to `target_url` is marked as sponsored: search engines ask for that of paid links.
    """
    tokens = parse(markdown)
    if tokens and tokens[0].tag == "h1":
        tokens = tokens[3:]
    for link in (child for token in tokens for child in token.children or [] if child.type == "link_open"):
        if link.attrGet("href") == link_target(target_url):
            link.attrSet("rel", "sponsored")
    return html_of(tokens)
