import pytest
from django.urls import reverse

from content.articles import services
from content.articles.models import Article, ArticleVersion, Commentary
from queues.models import Job
from tests.content.articles.builders import brief, draft
from tests.content.articles.reader import make_article

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


def test_a_text_of_an_order_is_not_deleted(admin_client, version):
    assert admin_client.post(reverse("admin:articles_article_delete", args=[version.article_id])).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [str(version.article_id)], "post": "yes"}
    admin_client.post(reverse("admin:articles_article_changelist"), chosen)
    assert ArticleVersion.objects.count() == 1


FIELDS = {"title": "T", "content": "C", "published_at_0": "2026-11-20", "published_at_1": "08:30:00"}
INLINE = {"commentaries-TOTAL_FORMS": "0", "commentaries-INITIAL_FORMS": "0"}


def save(client, where: str, *args, **fields):
    return client.post(reverse(f"admin:articles_article_{where}", args=args), FIELDS | INLINE | fields)


def test_an_article_for_readers_is_added_changed_and_deleted(admin_client, django_capture_on_commit_callbacks):
    assert save(admin_client, "add", source_url="https://news.example/1").status_code == 302
    article = Article.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        assert save(admin_client, "change", article.pk, content="New").status_code == 302
    article.refresh_from_db()
    assert (article.content, article.source_url) == ("New", "")
    page = admin_client.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
    assert f"/articles/{article.pk}" in page or "View on site" in page
    admin_client.post(reverse("admin:articles_article_delete", args=[article.pk]), {"post": "yes"})
    assert not Article.objects.exists()


def test_a_changed_text_loses_its_commentary_in_the_admin_too(admin_client):
    article = make_article()
    said = Commentary.objects.create(
        article=article, text="x", source="ai", variant="plain", prompt_version="1", generated_at=article.created_at
    )
    Article.objects.update(commentary=said)
    save(admin_client, "change", article.pk, content="Another text")
    article.refresh_from_db()
    assert article.commentary is None and Commentary.objects.get() == said


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"source_url": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"source_url": "https://news.example/1"}, "There is an article with this address already."),
        ({"title": ""}, "This field is required"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_stored(admin_client, fields, words):
    make_article(source_url="https://news.example/1")
    answer = save(admin_client, "add", **fields)
    assert answer.status_code == 200 and words in answer.content.decode()
    assert Article.objects.count() == 1


def test_staff_ask_for_the_commentary_of_many(admin_client, version):
    articles = [make_article(title=f"No {number}") for number in range(3)]
    chosen = {"action": "ask_for_commentary", "_selected_action": [*(a.pk for a in articles), version.article_id]}
    answer = admin_client.post(reverse("admin:articles_article_changelist"), chosen, follow=True)
    assert "3 commentaries asked for, 0 were there already." in answer.content.decode()
    assert Job.objects.filter(kind="articles.write_commentary").count() == 3
    assert Job.objects.get(kind="articles.write_commentaries").owner.username == "admin"
