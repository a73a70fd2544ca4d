"""What staff may do with a version and a live article in the admin."""

import pytest
from django.contrib.admin.models import LogEntry

from content.articles.models import Article, ArticleVersion
from tests.content.articles.test_live import make_article, publish

pytestmark = pytest.mark.django_db


def address(version: ArticleVersion) -> str:
    return f"/admin/articles/articleversion/{version.pk}/change/"


def test_a_version_can_be_read_and_nothing_of_it_changed(admin_client):
    version = make_article().versions.get()
    assert version.title in admin_client.get(address(version)).content.decode()
    for at in (address(version), address(version).replace("change", "delete"), "/admin/articles/articleversion/add/"):
        assert admin_client.post(at, {"rel": "nofollow", "title": "Hacked", "post": "yes"}).status_code == 403
    unchanged = ArticleVersion.objects.get()
    assert (unchanged.title, unchanged.backlink, unchanged.html) == (version.title, version.backlink, version.html)


def test_live_articles_are_taken_from_readers_and_others_left_alone(admin_client, client):
    live, brought = (
        publish(make_article()),
        Article.objects.create(title="B", content="b", published_at="2026-11-01T00:00Z"),
    )
    admin_client.post(
        "/admin/articles/article/", {"action": "take_from_readers", "_selected_action": [live.pk, brought.pk]}
    )
    assert client.get(f"/articles/{live.slug}").status_code == 404
    assert client.get(f"/articles/{brought.pk}").status_code == 200
    assert [entry.object_id for entry in LogEntry.objects.all()] == [str(live.pk)]
