"""Writing a commentary down: the one place that changes what readers see of it."""

import datetime
from typing import Any

from django.db import transaction

from aiproviders.selectors import spend
from content import cache
from content.articles import publishing
from content.articles.commentary import prompts
from content.articles.models import Article, Commentary, Source
from queues import clock


def cache_key(article: Article) -> str:
    """Where an AI's text on this state of the article is cached."""
    return publishing.key(article.pk, f"commentary:{article.fingerprint}")


def locked(article_id: object) -> Article | None:
    """The article with its row held until the transaction ends: who holds it says what its commentary is."""
    return Article.objects.select_for_update().filter(pk=article_id).first()


def settled(article: Article) -> Commentary | None:
    """The article's commentary, if no model needs to be asked any more."""
    commentary = article.commentary
    return commentary if commentary and commentary.source != Source.FALLBACK else None


def store(article: Article, *, source: Source, job_id: Any = None, **values: Any) -> Commentary:
    """Make `values` (text, provider, model ...) the commentary of an article that is `locked`."""
    commentary = article.commentaries.create(
        source=source,
        variant=values.pop("variant", None) or prompts.variant_of(article).name,
        prompt_version=values.pop("prompt_version", prompts.VERSION),
        job_id=job_id,
        cost=spend([job_id]).cost if job_id else None,
        generated_at=values.pop("generated_at", None) or clock.now(),
        **values,
    )
    article.commentary = commentary
    article.save(update_fields=["commentary"])
    # Not all that is cached: the text itself is worth keeping.
    view = publishing.key(article.pk, "view")
    transaction.on_commit(lambda: cache.delete(view), robust=True)
    return commentary


def take_from_cache(article: Article) -> Commentary | None:
    """The text that the cache has for this article, saved; None if there is none."""
    found = cache.get(cache_key(article), kind="commentary")
    if found is None:
        return None
    with transaction.atomic():
        current = locked(article.pk)
        if current is None or current.fingerprint != article.fingerprint:
            return None
        if ready := settled(current):
            return ready
        written = dict(found.value)
        written["generated_at"] = datetime.datetime.fromisoformat(written["generated_at"])
        return store(current, source=Source.CACHE, **written)
