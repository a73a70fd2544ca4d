"""The article that gets a link, named by a customer: by its address, or by its id."""

import re
import uuid
from urllib.parse import urlsplit

from django.conf import settings

from content.articles.services import linkable_articles, live_article

MOST_OFFERED = 200  # the newest; older ones are found by their address
ADDRESS = re.compile(r"^/articles/([\w-]+)/?$")


def chosen_article(text: str) -> uuid.UUID | None:
    """The id of the article that `text` means; None when it means none. Whether it can get a link, drafting says."""
    host, name = _parts(text.strip())
    try:
        return uuid.UUID(name)
    except ValueError:
        found = live_article(host, name) if name else None
    ours = host in ("", urlsplit(settings.PUBLIC_URL).netloc)
    return found.pk if found and (found.domain or ours) else None


def offers() -> list[tuple[str, str]]:
    """Address and title of the newest articles that can get a link."""
    return [
        (article.public_url or f"{settings.PUBLIC_URL}/articles/{article.pk}", article.title)
        for article in linkable_articles().select_related("domain").defer("content")[:MOST_OFFERED]
    ]


def _parts(text: str) -> tuple[str, str]:
    """Host and last part of an address; a text that is none is the last part itself."""
    if "/" not in text:
        return "", text
    try:
        parts = urlsplit(text if "//" in text or text.startswith("/") else f"//{text}")
    except ValueError:
        return "", ""
    match = ADDRESS.match(parts.path)
    return (parts.netloc.lower(), match[1]) if match else ("", "")
