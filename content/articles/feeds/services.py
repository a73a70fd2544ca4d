"""Importing: a feed by a job, a document that staff upload at once. What is there already stays as it is."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from content.articles.feeds.fetching import fetch
from content.articles.feeds.items import Item, read
from content.articles.models import Article, Feed
from content.internet.addresses import Refused
from queues import clock
from queues.errors import Cancelled
from queues.models import Job
from queues.running import RunningJob
from queues.services import enqueue

IMPORT = "articles.import_feed"


@dataclass(frozen=True)
class Imported:
    added: int
    known: int


def request_import(feed: Feed, *, owner=None) -> Job:
    """The job that takes over what is new in the feed; the open one, if there is one."""
    return enqueue(IMPORT, args={"feed_id": feed.pk}, dedupe_key=f"feed:{feed.pk}", subject=feed, owner=owner)


def import_feed(*, feed_id: int, job: RunningJob) -> None:
    """Fetch, read, take over. Raises Refused, Unreachable, or Cancelled when the feed is gone."""
    feed = Feed.objects.filter(pk=feed_id).first()
    if feed is None:
        raise Cancelled("The feed is not there any more.")
    job.progress(0, 2, "fetching")
    document = fetch(feed.url)
    items = read(document.content, document.content_type, document.url)
    job.progress(1, 2, "saving")
    with job.completing({"url": feed.url}):
        done = take_over(items, origin=feed.url, category=feed.category)
        _note(feed_id, added=done.added, known=done.known, problem="")


def import_failed(job: Job) -> None:
    """Shows on the feed why nothing came, in the transaction that marks the job failed."""
    _note(job.args["feed_id"], added=0, known=0, problem=job.error_message[:300])


def _note(feed_id: int, **values) -> None:
    Feed.objects.filter(pk=feed_id).update(imported_at=clock.now(), **values)


def import_document(content: bytes, *, category: str = "") -> Imported:
    """What staff have uploaded or pasted: a feed or JSON. Raises Refused; nothing is stored then."""
    items = read(content)
    if not items:
        raise Refused("There is no article with a text in it.")
    return take_over(items, origin="", category=category)


def take_over(items: Iterable[Item], *, origin: str, category: str = "") -> Imported:
    """Store the items that are new by source address and by guid. `origin` tells the guids of feeds apart."""
    new = {}
    for item in items:
        new.setdefault(_key(item, origin), item)
    with transaction.atomic():
        urls = [item.source_url for item in new.values() if item.source_url]
        there = Article.objects.filter(Q(feed_key__in=new) | Q(source_url__in=urls))
        keys, addresses = set(), set()
        for key, url in there.values_list("feed_key", "source_url"):
            keys.add(key)
            addresses.add(url)
        rows = []
        for key, item in new.items():
            if key in keys or item.source_url and item.source_url in addresses:
                continue
            addresses.add(item.source_url)
            rows.append(_row(item, key, category))
        before = Article.objects.filter(feed_key__in=new).count()
        # Another import of the same may have come between; the constraints decide. In one order: no deadlock.
        rows.sort(key=lambda row: row.feed_key)
        Article.objects.bulk_create(rows, ignore_conflicts=True, batch_size=100)
        added = Article.objects.filter(feed_key__in=new).count() - before
    return Imported(added=added, known=len(new) - added)


def _row(item: Item, key: str, category: str) -> Article:
    return Article(
        title=item.title,
        content=item.content,
        source_url=item.source_url,
        category=item.category or category,
        author=item.author,
        published_at=item.published_at,
        feed_key=key,
    )


def _key(item: Item, origin: str) -> str:
    name = f"{origin}\n{item.guid}" if item.guid else item.source_url
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
