"""Articles for readers: add, change, take away, and read cache-first."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from content import cache
from content.articles.models import Article

TEXTS = ("title", "content")
LONGEST_ADDRESS = 2000  # bytes; an entry of PostgreSQL's index has room for 2,704
_looks_like_an_address = URLValidator(["http", "https"])


class KnownSource(ValueError):
    """Another article has this source URL."""


class InUse(ValueError):
    """An order keeps this article, or its text."""


def key(article_id: object, what: str) -> str:
    """Where the cache keeps `what` of one article; `key(id, "*")` is the pattern of all of it."""
    return f"article:{article_id}:{what}"


def web_address(text: Any) -> None:
    """Raises ValidationError for what cannot be an article's source URL."""
    _looks_like_an_address(text)
    if (length := len(text.encode("utf-8", "replace"))) > LONGEST_ADDRESS:
        message = f"Must be at most {LONGEST_ADDRESS:,} bytes in UTF-8; this has {length:,}. Shorten it."
        raise ValidationError(message, "max_length")


def publish(**values: Any) -> Article:
    """A new article of checked `values` (fields of Article), published now unless they say when.

    Raises KnownSource; nothing is stored then.
    """
    article = Article(**{"published_at": timezone.now()} | values)
    _store(article, force_insert=True)
    return article


def change(article: Article, **values: Any) -> Article:
    """Store `values`; with another text the commentary goes, as it was about the old one. Raises KnownSource, InUse."""
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        if any(getattr(article, name) != value for name, value in values.items() if name in TEXTS):
            if article.versions.exists():
                raise InUse("The text of an ordered article is its versions'.")
            article.commentary = None
        for name, value in values.items():
            setattr(article, name, value)
        _store(article)
        forget_after_commit(article)
    return article


def take_away(article: Article) -> None:
    """Delete the article with all that was said about it. Raises InUse for one that an order keeps."""
    with transaction.atomic():
        forget_after_commit(article)
        try:
            article.delete()
        except models.ProtectedError:
            raise InUse("An order keeps this article.") from None


def forget_after_commit(article: Article) -> None:
    """Drop all that is cached about the article once the caller's transaction has committed."""
    everything = key(article.pk, "*")
    transaction.on_commit(lambda: cache.delete(everything), robust=True)


def _store(article: Article, **options: Any) -> None:
    try:
        with transaction.atomic():
            article.save(**options)
    except IntegrityError:
        if article.source_url and Article.objects.exclude(pk=article.pk).filter(source_url=article.source_url).exists():
            raise KnownSource("There is an article with this address already.") from None
        raise
