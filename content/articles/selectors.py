"""Reading articles."""

import uuid

from django.db.models import QuerySet

from content import cache
from content.articles import publishing
from content.articles.models import Article, Domain
from content.articles.serializers import view


def article(article_id: object) -> Article | None:
    """The article with its commentary; None for an unknown id, for what is no id, and for a draft."""
    wanted = as_id(article_id)
    found = Article.objects.readable().select_related("commentary", "domain") if wanted else Article.objects.none()
    return found.filter(pk=wanted).first()


def published(host: str, slug: str) -> Article | None:
    """What is live at `slug` of the domain that `host` ("name" or "name:port") names; of this site if it names none."""
    domain = Domain.objects.filter(host=host.partition(":")[0].lower().rstrip(".")).first()
    live = Article.objects.filter(published_version__isnull=False).select_related("domain", "published_version")
    return live.filter(domain=domain, slug=slug).first()


def linkable_articles() -> QuerySet[Article]:
    """What may get a link that somebody has ordered, newest first: not what feeds brought, which is not ours."""
    return Article.objects.readable().filter(feed_key="").order_by("-published_at", "-id")


def article_view(article_id: object) -> dict | None:
    """The article as JSON, from the cache if it is there; None as above, and that is not cached."""
    wanted = as_id(article_id)
    if wanted is None:
        return None
    try:
        return cache.get_or_set(publishing.key(wanted, "view"), lambda: _viewed(wanted), kind="article").value
    except LookupError:
        return None


def _viewed(article_id: uuid.UUID) -> dict:
    found = article(article_id)
    if found is None:
        raise LookupError
    return view(found)


def as_id(value: object) -> uuid.UUID | None:
    """`value` as an id; None if it cannot be one."""
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None
