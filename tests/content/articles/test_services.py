from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from content.articles import services
from content.articles.models import Article, ArticleVersion
from tests.content.articles.builders import BRIEF, brief, draft

REPORT = services.check_article(draft(), brief())


def save(article, **fields):
    return services.save_version(article, draft(**fields), REPORT, brief=brief())


@pytest.mark.django_db
def test_a_version_keeps_the_text_its_report_and_its_origin():
    article = services.create_article(title="Cold brew")
    version = ArticleVersion.objects.get(pk=save(article).pk)
    assert (version.article, version.number, version.title) == (article, 1, "How cold brew coffee is made")
    assert version.markdown == draft().markdown
    assert version.html.startswith("<h2>") and 'rel="sponsored"' in version.html
    assert version.quality == REPORT.as_json()
    assert version.backlink == {"targetUrl": BRIEF.target_url, "anchorText": BRIEF.anchor_text}
    assert version.backlink_review_status == "PENDING_REVIEW"
    assert (version.provider, version.model, version.generator, version.is_demo) == ("openai", "ok", "ai", False)
    assert version.prompt_version == "test/1"
    assert f"{version.word_count} words" in next(
        rule["detail"] for rule in version.quality["rules"] if rule["name"] == "length"
    )


@pytest.mark.django_db
def test_each_version_gets_the_next_number_and_its_title_becomes_the_articles():
    article, other = services.create_article(title="One"), services.create_article(title="Two")
    assert [save(article).number, save(article, title="New").number, save(other).number] == [1, 2, 1]
    article.refresh_from_db()
    assert article.title == "New"


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_numbers_without_gap_or_double():
    article = services.create_article(title="Busy")

    def save_in_a_transaction(_):
        try:
            with transaction.atomic():
                return save(article).number
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(save_in_a_transaction, range(16))) == list(range(1, 17))


@pytest.mark.django_db(transaction=True)
def test_a_roll_back_of_the_caller_leaves_no_version():
    article = services.create_article(title="Gone")
    with pytest.raises(RuntimeError), transaction.atomic():
        save(article)
        raise RuntimeError
    assert ArticleVersion.objects.count() == 0
    assert save(article).number == 1


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"number": 1}, {"backlink_review_status": "MAYBE"}])
def test_the_database_refuses_a_double_number_and_an_unknown_status(wrong):
    version = save(services.create_article(title="Strict"))
    fields = {"article": version.article, "number": 2, "title": "T", "word_count": 1, "generator": "ai"} | wrong
    with pytest.raises(IntegrityError), transaction.atomic():
        ArticleVersion.objects.create(**fields)
    assert ArticleVersion.objects.count() == 1


@pytest.mark.django_db
def test_articles_and_versions_have_readable_names():
    version = save(services.create_article(title="Named"))
    assert str(Article.objects.get()) == "How cold brew coffee is made"
    assert str(version) == "How cold brew coffee is made (version 1)"
