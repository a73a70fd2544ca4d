import pytest

from content.articles.models import Article, Domain
from content.articles.related import related_articles
from tests.content.articles.test_live import make_article, publish

pytestmark = pytest.mark.django_db


def titles(*about: str, domain: Domain | None = None, **options) -> list[str]:
    return [related.title for related in related_articles(*about, domain=domain, **options)]


def test_live_articles_of_the_domain_that_speak_of_the_same_are_offered_the_closest_first():
    blog = Domain.objects.create(host="blog.example.com", name="Blog")
    publish(make_article("Garden tools", domain=blog))
    publish(make_article("Kitchen garden soil", domain=blog))
    publish(make_article("Sailing boats", domain=blog))
    publish(make_article("Gardens"))
    make_article("Kitchen garden drafts", domain=blog)
    assert titles("Keeping a kitchen garden", "soil", domain=blog) == ["Kitchen garden soil", "Garden tools"]
    (first, _) = related_articles("kitchen garden", domain=blog)
    assert first.url == "http://blog.example.com/articles/kitchen-garden-soil"


def test_single_words_and_the_article_itself_are_not():
    publish(make_article("Garden"))
    own = publish(make_article("Garden tools"))
    assert titles("garden tools", but=[own.pk]) == []


def test_it_is_one_query_and_a_short_list_however_many_there_are(django_assert_num_queries):
    article = publish(make_article("Garden tools 0"))
    Article.objects.bulk_create(
        Article(
            title=f"Garden tools {n}",
            slug=f"g-{n}",
            published_at=article.published_at,
            published_version=article.published_version,
        )
        for n in range(1, 60)
    )
    with django_assert_num_queries(1):
        assert len(titles("garden tools")) == 8
