"""What staff may do with a version in the admin."""

import pytest

from content.articles.models import ArticleVersion
from tests.content.articles.test_live import make_article

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
