"""Feeds and documents in the admin."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from content.articles.models import Article, Feed
from queues.models import Job
from tests.content.articles.feeds.server import RSS

pytestmark = pytest.mark.django_db
DOCUMENT = "/admin/articles/feed/document/"


def test_a_feed_is_added_and_imported_by_a_job(admin_client):
    admin_client.post(reverse("admin:articles_feed_add"), {"url": "https://news.example/feed", "category": ""})
    chosen = {"action": "import_now", "_selected_action": [Feed.objects.get().pk]}
    page = admin_client.post(reverse("admin:articles_feed_changelist"), chosen, follow=True).content.decode()
    assert "1 imports asked for" in page and DOCUMENT in page
    assert Job.objects.get().args == {"feed_id": Feed.objects.get().pk}


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x.example/", "x", "https://u:p@news.example/", ""])
def test_what_is_no_web_address_is_refused(admin_client, url):
    answer = admin_client.post(reverse("admin:articles_feed_add"), {"url": url, "category": ""})
    assert answer.status_code == 200 and "errorlist" in answer.content.decode()
    assert not Feed.objects.exists()


@pytest.mark.parametrize("pasted", [True, False])
def test_a_document_is_taken_over_once(admin_client, pasted):
    for added, known in ((2, 0), (0, 2)):
        way = {"text": RSS.decode()} if pasted else {"document": SimpleUploadedFile("feed.xml", RSS)}
        page = admin_client.post(DOCUMENT, way | {"category": "news"}, follow=True).content.decode()
        assert f"{added} new articles; {known} were there already." in page
    assert Article.objects.count() == 2


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "one of the two"),
        ({"text": "hello"}, "no RSS or Atom feed"),
        ({"text": "[]"}, "no article with a text"),
        ({"text": '{"a": 1}'}, "must be a list"),
        ({"text": "[" * 5000}, "no JSON"),
    ],
)
def test_what_is_no_document_is_refused_with_the_reason(admin_client, form, words):
    answer = admin_client.post(DOCUMENT, form)
    assert answer.status_code == 200 and words in answer.content.decode()
    assert not Article.objects.exists()


def test_who_may_not_add_feeds_may_not_import(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("junior", is_staff=True))
    assert client.get(DOCUMENT).status_code == 403
    assert client.post(DOCUMENT, {"text": RSS.decode()}).status_code == 403
    assert not Article.objects.exists()
