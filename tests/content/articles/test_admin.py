import pytest
from django.urls import reverse

from content.articles import services
from content.articles.models import Article, ArticleVersion
from tests.content.articles.builders import brief, draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> ArticleVersion:
    text = draft("# T\n\n<script>alert(1)</script> too short")
    article = services.create_article(title="T")
    return services.save_version(article, text, services.check_article(text, brief()), brief=brief())


def test_the_list_shows_the_latest_version(admin_client, version):
    page = admin_client.get(reverse("admin:articles_article_changelist")).content.decode()
    assert f"1: {version.word_count} words, {version.quality['passed']} of {version.quality['total']} checks" in page


def test_the_list_asks_no_more_queries_for_more_articles(admin_client, version, django_assert_max_num_queries):
    for number in range(3):
        services.create_article(title=f"Empty {number}")
    with django_assert_max_num_queries(10):
        assert admin_client.get(reverse("admin:articles_article_changelist")).status_code == 200


def test_an_article_shows_its_text_and_report_and_can_not_be_changed(admin_client, version):
    address = reverse("admin:articles_article_change", args=[version.article_id])
    page = admin_client.get(address).content.decode()
    assert "Ends with a whole sentence <small>The last sentence breaks off.</small>" in page
    assert "<script>alert(1)" not in page
    assert admin_client.post(address, {"title": "Changed"}).status_code == 403
    assert Article.objects.get().title == "How cold brew coffee is made"


def test_staff_can_neither_add_nor_delete(admin_client, version):
    assert admin_client.get(reverse("admin:articles_article_add")).status_code == 403
    assert admin_client.post(reverse("admin:articles_article_delete", args=[version.article_id])).status_code == 403
    assert ArticleVersion.objects.count() == 1
