"""The asking half: a commentary if there is one, else a job that writes it."""

from collections.abc import Iterable

from django.db import transaction

from content.articles.commentary.priority import priority
from content.articles.commentary.storing import locked, settled, take_from_cache
from content.articles.models import Article, Commentary
from queues import clock
from queues.models import Job
from queues.services import enqueue

WRITE, BATCH = "articles.write_commentary", "articles.write_commentaries"


class Gone(LookupError):
    """The article was deleted meanwhile."""


def request_commentary(article: Article, *, owner=None, parent: Job | None = None) -> Commentary | Job:
    """What the database has, else what the cache has (it is saved), else the job that will write it.

    However many ask at once, it is one job. A fallback is not enough: it is replaced. Raises Gone.
    """
    if ready := settled(article) or take_from_cache(article):
        return ready
    with transaction.atomic():
        return _asked(article, owner, parent)


def _asked(article: Article, owner, parent: Job | None) -> Commentary | Job:
    # A job saves its commentary under this lock, so either it is still open or its text is there.
    current = locked(article.pk)
    if current is None:
        raise Gone
    return settled(current) or enqueue(
        WRITE,
        args={"article_id": str(current.pk)},
        priority=priority(current.published_at or current.created_at, clock.now()),
        dedupe_key=f"commentary:{current.pk}",
        subject=current,
        owner=owner,
        parent=parent,
    )


def request_commentaries(
    articles: Iterable[Article], *, owner=None
) -> tuple[Job | None, dict[Article, Commentary | Job]]:
    """The same for many, the newest first, with a parent job that ends with the last of them.

    The parent is None when there is nothing to write.
    """
    newest_first = sorted(articles, key=lambda article: (article.published_at, article.pk), reverse=True)
    ready = {article: settled(article) or take_from_cache(article) for article in newest_first}
    wanting = [article for article in newest_first if not ready[article]]
    if not wanting:
        return None, ready
    with transaction.atomic():
        parent = enqueue(BATCH, args={}, owner=owner)
        return parent, ready | {article: _asked(article, owner, parent) for article in wanting}
