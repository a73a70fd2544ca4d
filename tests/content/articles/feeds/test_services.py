"""Importing, from a real server and by a real worker."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from content.articles.feeds import services
from content.articles.feeds.items import read
from content.articles.models import Article, Feed
from content.internet.addresses import Refused
from queues.models import Job
from tests.content.articles.feeds.server import RSS
from tests.factories import running_job
from tests.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def imported(feed: Feed) -> Feed:
    job = running_job(services.IMPORT, {"feed_id": feed.pk})
    services.import_feed(feed_id=feed.pk, job=job)
    feed.refresh_from_db()
    return feed


def test_a_feed_is_taken_over_once_and_what_is_new_later(site):
    feed = Feed.objects.create(url=f"{site.url}/feed", category="news")
    assert (imported(feed).added, feed.known, feed.problem) == (2, 0, "")
    assert set(Article.objects.values_list("title", "category")) == {("Heaps & soil", "city"), ("Another", "news")}
    site.document = RSS.replace(b"<guid>a2</guid>", b"<guid>a3</guid>").replace(b"/other", b"/third")
    site.document = site.document.replace(b"Heaps &amp; soil", b"Changed").replace(b"/heaps", b"/heaps?utm=1")
    assert (imported(feed).added, feed.known) == (1, 1)
    assert set(Article.objects.values_list("title", flat=True)) == {"Heaps & soil", "Another"}
    assert Article.objects.count() == 3


def test_the_same_address_from_another_feed_is_the_same_article(site):
    imported(Feed.objects.create(url=f"{site.url}/feed"))
    other = imported(Feed.objects.create(url=f"{site.url}/feed/2"))
    assert (other.added, other.known, Article.objects.count()) == (0, 2, 2)


def test_guids_of_two_feeds_are_two_things():
    one, other = b'[{"id": "1", "title": "A"}]', b'[{"id": "1", "title": "B"}]'
    services.take_over(read(one), origin="https://a.example")
    assert services.take_over(read(other), origin="https://b.example").added == 1


def test_an_item_that_comes_twice_in_a_document_is_one_article():
    assert services.import_document(b'[{"id": "1", "title": "A"}, {"id": "1", "title": "A"}]').added == 1


def test_two_imports_at_once_store_nothing_twice(site):
    items = read(RSS)

    def run(_):
        try:
            return services.take_over(items, origin="x").added
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run, range(8)))
    assert Article.objects.count() == 2


def test_a_document_without_articles_stores_nothing():
    for content in (b"[]", b"not a feed"):
        with pytest.raises(Refused):
            services.import_document(content)
    assert not Article.objects.exists()


def test_a_worker_imports_and_tells_on_the_feed_what_went_wrong(private_site, start_worker):
    good = Feed.objects.create(url=f"{private_site.url}/feed")
    bad = Feed.objects.create(url=f"{private_site.url}/status/404")
    jobs = [services.request_import(feed) for feed in (good, bad, good)]
    assert jobs[0].pk == jobs[2].pk
    start_worker(FEED_NETWORKS="127.0.0.0/8")
    wait_until(lambda: not Job.objects.open().exists(), 30)
    good.refresh_from_db(), bad.refresh_from_db()
    assert (good.added, bad.problem) == (2, "The address answers with status 404.")
    assert Article.objects.count() == 2


def test_a_private_address_stays_unasked_in_the_worker(private_site, start_worker):
    feed = Feed.objects.create(url=f"{private_site.url}/feed")
    services.request_import(feed)
    start_worker()
    wait_until(lambda: Job.objects.filter(state="failed").exists(), 30)
    feed.refresh_from_db()
    assert feed.problem == "127.0.0.1 is not on the public internet."
    assert private_site.asked == [] and not Article.objects.exists()


def test_an_address_too_long_for_an_index_does_not_keep_the_other_items_out():
    # Not one letter twice: PostgreSQL would compress the entry of its index.
    far = "https://news.example/" + "".join(map(chr, range(0x4E00, 0x4E00 + 950)))
    items = [
        {"title": "Far", "id": "1", "content": "C", "sourceUrl": far},
        {"title": "Near", "id": "2", "content": "C"},
    ]
    assert services.import_document(json.dumps(items).encode()).added == 2
    assert Article.objects.get(title="Far").source_url == ""
