"""What staff may do with a version and a live article in the admin."""

import pytest

from content.articles.models import Article, ArticleVersion
from tests.content.articles.test_live import make_article, publish

pytestmark = pytest.mark.django_db


def address(version: ArticleVersion) -> str:
    return f"/admin/articles/articleversion/{version.pk}/change/"


def test_staff_change_how_the_link_is_marked_and_nothing_else(admin_client):
    version = make_article().versions.get()
    assert '<option value="sponsored" selected>' in admin_client.get(address(version)).content.decode()
    admin_client.post(address(version), {"rel": "nofollow", "title": "Hacked", "markdown": "Hacked"})
    changed = ArticleVersion.objects.get()
    assert (changed.backlink["rel"], changed.title, changed.markdown) == ("nofollow", version.title, version.markdown)
    assert 'rel="nofollow"' in changed.html


@pytest.mark.parametrize("rel", ["follow", "sponsored nofollow ugc", '"><script>'])
def test_a_mark_that_is_none_is_refused_with_a_reason(admin_client, rel):
    version = make_article().versions.get()
    answer = admin_client.post(address(version), {"rel": rel})
    assert "is not one of the available choices" in answer.content.decode()
    assert ArticleVersion.objects.get().html == version.html


def test_saving_without_a_change_stores_nothing(admin_client):
    version = make_article().versions.get()
    admin_client.post(address(version), {"rel": "sponsored"})
    assert "rel" not in ArticleVersion.objects.get().backlink


def test_who_may_only_look_changes_nothing(client, django_user_model):
    from django.contrib.auth.models import Permission

    user = django_user_model.objects.create_user("eve", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_articleversion"))
    client.force_login(user)
    version = make_article().versions.get()
    assert 'name="rel"' not in client.get(address(version)).content.decode()
    assert client.post(address(version), {"rel": "ugc"}).status_code == 403
    assert ArticleVersion.objects.get().html == version.html


def test_versions_are_neither_added_nor_deleted(admin_client):
    version = make_article().versions.get()
    assert admin_client.get("/admin/articles/articleversion/add/").status_code == 403
    assert admin_client.post(address(version).replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert ArticleVersion.objects.count() == 1


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
