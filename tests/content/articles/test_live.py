"""Which version readers see, where, and how its links are marked."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from content.articles import live, services
from content.articles.models import Article, ArticleVersion, Commentary, Domain
from tests.concurrency import while_somebody_locks
from tests.content.articles.builders import GOOD, brief, draft

pytestmark = pytest.mark.django_db


def make_article(title: str = "How cold brew coffee is made", *, domain: Domain | None = None, **fields) -> Article:
    article = services.create_article(title=title, domain=domain)
    make_version(article, title=title, **fields)
    return article


def make_version(article: Article, *, title: str = "How cold brew coffee is made", **fields) -> ArticleVersion:
    text, order = draft(title=title), brief(**fields)
    return services.save_version(article, text, services.check_article(text, order), brief=order)


def publish(article: Article) -> Article:
    return live.publish_version(article, article.versions.last())


def test_a_published_version_is_at_the_address_that_its_title_gives(client):
    article = publish(make_article())
    assert article.public_url == "http://127.0.0.1:8000/articles/how-cold-brew-coffee-is-made"
    answer = client.get("/articles/how-cold-brew-coffee-is-made")
    page = answer.content.decode()
    assert (answer.status_code, "<h2>Cold brew: the basics</h2>" in page) == (200, True)
    assert f'<link rel="canonical" href="{article.public_url}">' in page
    assert 'rel="sponsored">cold brew beans</a>' in page and "a link in this article was paid for" in page
    assert f'datetime="{article.published_at:%Y-%m-%d}' in page and "Written with AI" in page


def test_readers_api_and_commentary_have_its_text_as_well(client):
    article = publish(make_article())
    answer = client.get(f"/api/articles/{article.pk}").json()
    assert answer["content"].startswith("Cold brew: the basics\n\nCold brew is coffee")
    assert (
        f'<link rel="canonical" href="{article.public_url}">' in client.get(f"/articles/{article.pk}").content.decode()
    )


def test_a_draft_and_what_was_taken_back_are_not_there(client):
    article = make_article()
    assert client.get("/articles/how-cold-brew-coffee-is-made").status_code == 404
    publish(article)
    article = live.unpublish(article)
    assert client.get("/articles/how-cold-brew-coffee-is-made").status_code == 404
    assert client.get(f"/articles/{article.pk}").status_code == 404
    assert (article.public_url, article.content, article.published_at) == ("", "", None)


def test_publishing_twice_changes_nothing(django_assert_num_queries):
    article = publish(make_article())
    again = publish(article)
    assert (again.slug, again.published_at, again.updated_at) == (
        article.slug,
        article.published_at,
        article.updated_at,
    )


def test_another_version_keeps_address_and_date_and_drops_what_was_said_about_the_old_text():
    article = publish(make_article())
    commentary = Commentary.objects.create(
        article=article, text="x", source="ai", variant="v", prompt_version="1", generated_at=article.published_at
    )
    Article.objects.filter(pk=article.pk).update(commentary=commentary)
    version = make_version(article, title="Cold brew, told again")
    second = live.publish_version(article, version)
    assert (second.slug, second.published_at) == (article.slug, article.published_at)
    assert (second.title, second.published_version, second.commentary) == ("Cold brew, told again", version, None)


def test_a_version_that_waits_changes_nothing_for_readers():
    article = publish(make_article())
    make_version(article, title="Not yet")
    article.refresh_from_db()
    assert (article.title, article.published_version.number) == ("How cold brew coffee is made", 1)


def test_a_version_of_another_article_is_refused():
    article, other = make_article(), make_article("Tea")
    with pytest.raises(ValueError, match="another article"):
        live.publish_version(article, other.versions.get())
    assert not Article.objects.filter(published_version__isnull=False).exists()


def test_a_version_that_would_lose_a_link_somebody_paid_for_is_refused():
    article = publish(make_article())
    stale = make_version(article, anchor_text="other beans")
    with pytest.raises(live.LosesLink, match="cold brew beans"):
        live.publish_version(article, stale)
    article.refresh_from_db()
    assert article.published_version.number == 1


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Grüße & Küsse", "grue-kusse"),
        ("冷萃咖啡", "article"),
        ("123e4567-e89b-12d3-a456-426614174000", "article-123e4567-e89b-12d3-a456-426614174000"),
        ("A " * 124, ("a-" * 35)[:-1]),
    ],
)
def test_every_title_gives_an_address_that_is_no_id(client, title, slug):
    article = publish(make_article(title))
    assert article.slug == slug
    assert client.get(f"/articles/{slug}").status_code == client.get(f"/articles/{slug}/").status_code == 200


def test_articles_of_one_title_have_addresses_of_their_own():
    slugs = [publish(make_article("Tea")).slug for _ in range(3)]
    assert slugs == ["tea", "tea-2", "tea-3"]


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_articles_of_one_title_that_are_published_at_once_have_addresses_of_their_own():
    def one(article: Article) -> str:
        try:
            return publish(article).slug
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as crowd:
        slugs = list(crowd.map(one, [make_article("Tea") for _ in range(4)]))
    assert sorted(slugs) == ["tea", "tea-2", "tea-3", "tea-4"]


@pytest.fixture
def blog(settings) -> Domain:
    settings.ALLOWED_HOSTS = ["blog.example.com", "other.example.com", "testserver"]
    return Domain.objects.create(host="blog.example.com", name="Blog")


def test_the_host_decides_which_article_stands_at_an_address(client, blog):
    own, there = publish(make_article("Tea")), publish(make_article("Tea", domain=blog))
    assert (own.slug, there.slug) == ("tea", "tea")
    assert there.public_url == "http://blog.example.com/articles/tea"
    for host, article in [("testserver", own), ("blog.example.com", there), ("BLOG.example.com:8000", there)]:
        page = client.get("/articles/tea", headers={"host": host}).content.decode()
        assert f'href="{article.public_url}"' in page


def test_an_article_is_not_on_another_domain(client, blog):
    publish(make_article("Tea", domain=blog))
    assert client.get("/articles/tea").status_code == 404
    live.publish_version(article := make_article("Milk"), article.versions.get())
    assert client.get("/articles/milk", headers={"host": "blog.example.com"}).status_code == 404


def test_the_page_needs_two_queries(client, django_assert_num_queries, blog):
    publish(make_article("Tea", domain=blog))
    with django_assert_num_queries(2):
        client.get("/articles/tea", headers={"host": "blog.example.com"})


@pytest.mark.parametrize("rel", ["nofollow", "sponsored nofollow", ""])
def test_staff_may_mark_a_link_in_another_way_and_the_page_shows_it(client, rel):
    article = publish(make_article())
    version = live.mark_link(article.published_version, rel)
    assert version.backlink["rel"] == rel
    mark = f' rel="{rel}"' if rel else ""
    assert (
        f'<a href="https://beans.example.com/cold-brew"{mark}>'
        in client.get(f"/articles/{article.slug}").content.decode()
    )


def test_a_mark_that_is_none_is_refused():
    version = make_article().versions.get()
    with pytest.raises(ValueError, match="none of"):
        live.mark_link(version, 'x" onclick="alert(1)')
    version.refresh_from_db()
    assert "rel" not in version.backlink and version.markdown == GOOD


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", [lambda version: live.mark_link(version, "nofollow"), None])
def test_who_changes_versions_of_an_article_waits_for_nobody_who_waits_for_him(change):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite locks no rows")
    article = make_article()
    for _ in range(2):
        make_version(article)
    link = {"targetUrl": "https://a.example", "anchorText": "a"}
    ArticleVersion.objects.exclude(number=1).update(earlier_links=[link])
    one, two, three = (article.versions.filter(number=number) for number in (1, 2, 3))
    change = change or (lambda version: transaction.atomic(services.forget_wishes)(article.versions.all()))
    while_somebody_locks(Article.objects.filter(pk=article.pk), one | two | three, lambda: change(one.get()))
