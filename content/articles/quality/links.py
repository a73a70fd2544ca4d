"""Rules about the ordered link, other links, and markup that does not belong in an article."""

import unicodedata
from urllib.parse import urlsplit

from content.articles.brief import Brief
from content.articles.draft import Draft
from content.articles.linking import MOST_RELATED
from content.articles.quality.parsed import LinkFound, ParsedArticle, link_target
from content.texts.addresses import addresses
from content.texts.report import BLOCK, Finding


def ordered(article: ParsedArticle, brief: Brief, draft: Draft) -> Finding:
    found = [link for block in article.blocks for link in block.links if is_ordered(link, brief)]
    exact = [link for link in found if _same_text(link.text, brief.anchor)]
    detail = ""
    if len(found) != 1:
        detail = f"The link is there {len(found)} times."
    elif not exact:
        detail = f"Its text is “{found[0].text}” instead of “{brief.anchor}”."
    return Finding("link", "Your link is there once, with exactly your words", BLOCK, not detail, detail)


def position(article: ParsedArticle, brief: Brief, draft: Draft) -> Finding:
    carriers = [block for block in article.blocks if any(is_ordered(link, brief) for link in block.links)]
    edges = [article.paragraphs[0], article.paragraphs[-1]] if article.paragraphs else []
    ok = bool(carriers) and all(not block.level and all(block is not edge for edge in edges) for block in carriers)
    detail = "" if ok else "It stands in a heading, in the first or last paragraph, or nowhere."
    return Finding("link_position", "Your link stands in the middle of the text", BLOCK, ok, detail)


def others(article: ParsedArticle, brief: Brief, draft: Draft) -> Finding:
    links = [link.href for block in article.blocks for link in block.links if not is_ordered(link, brief)]
    related = [href for href in links if href in offered(brief)]
    twice = [href for href in offered(brief) if related.count(href) > 1]
    links = [href for href in links if href not in related] + list(dict.fromkeys(related))[MOST_RELATED:] + twice
    links += [f"autolink {token.attrGet('src')}" for token in _inline(article.tokens) if token.type == "image"]
    # The ordered words may be an address themselves; every other address in plain sight is one too many.
    bare = [found for block in article.blocks for found in addresses(block.text) if found not in brief.addresses]
    foreign = [*links, *bare]
    domain = urlsplit(brief.target_url).hostname
    again = " to the ordered site" if any(urlsplit(href).hostname == domain for href in links) else ""
    detail = f"{len(foreign)} more{again}: {', '.join(foreign)[:200]}" if foreign else ""
    return Finding("other_links", "No other links or addresses", BLOCK, not foreign, detail)


def markup(article: ParsedArticle, brief: Brief, draft: Draft) -> Finding:
    tokens = [*article.careless_tokens, *_inline(article.careless_tokens)]
    tags = [token.content.strip() for token in tokens if token.type in ("html_block", "html_inline")]
    targets = [str(token.attrGet("href") or token.attrGet("src") or "") for token in tokens]
    bad = [target for target in targets if target and urlsplit(target).scheme not in ("http", "https")]
    detail = f"Found: {', '.join([*tags, *bad])[:200]}" if tags or bad else ""
    return Finding("markup", "No HTML and no unsafe links", BLOCK, not detail, detail)


def is_ordered(link: LinkFound, brief: Brief) -> bool:
    """Is it the link that was ordered, whatever its text?"""
    return link.href == link_target(brief.target_url)


def offered(brief: Brief) -> set[str]:
    """The addresses of the site's own articles that the text may link to."""
    return {link_target(related.url) for related in brief.related}


def _same_text(found: str, ordered: str) -> bool:
    """Equal but for white space and for ways to write one character; capitals count."""
    one, other = (" ".join(unicodedata.normalize("NFKC", text).split()) for text in (found, ordered))
    return one == other


def _inline(tokens):
    return [child for token in tokens for child in token.children or []]


RULES = (ordered, position, others, markup)
