"""The asking half: what fifty ask for at once, and many articles together."""

import pytest
from django.db import connections, transaction
from django.test import Client

from content import cache
from content.articles.commentary import selectors, services
from content.articles.commentary.storing import cache_key
from content.articles.models import Article, Commentary
from queues.models import Job
from tests.concurrency import all_at_once
from tests.content.articles.reader import make_article
from tests.fakeprovider import FakeProvider
from tests.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
AT_ONCE = 50


def test_fifty_posts_at_once_are_one_job_one_call_and_fifty_answers(start_worker):
    article = make_article()
    path = f"/api/articles/{article.pk}/generate-commentary"
    with FakeProvider() as provider:
        start_worker(AI_MODEL="openai/held", OPENAI_BASE_URL=provider.url, OPENAI_API_KEY="sk-test")
        answers = all_at_once([lambda: Client().post(path)] * AT_ONCE)
        wait_until(lambda: provider.requests)
        late = [Client().post(path) for _ in range(3)]
        provider.release()
        wait_until(lambda: Client().get(f"/api/articles/{article.pk}/commentary-status").json()["ready"])
        assert len(provider.requests) == 1
    job = Job.objects.get()
    assert {answer.status_code for answer in answers + late} == {202}
    assert {answer.json()["jobId"] for answer in answers + late} == {str(job.pk)}
    assert Commentary.objects.get().source == "ai"
    assert {answer.status_code for answer in all_at_once([lambda: Client().post(path)] * AT_ONCE)} == {200}
    assert Job.objects.count() == 1


def test_fifty_that_find_it_in_the_cache_save_it_once():
    article = make_article()
    text = {"text": "Said before.", "variant": "plain", "prompt_version": "commentary/1", "provider": "openai"}
    text |= {"model": "ok", "is_demo": False, "seconds": 1.0, "generated_at": "2026-11-22T08:00:00+00:00"}
    cache.get_or_set(cache_key(article), lambda: text, kind="commentary")
    path = f"/api/articles/{article.pk}/generate-commentary"
    answers = all_at_once([lambda: Client().post(path)] * AT_ONCE)
    assert {(answer.status_code, answer.json()["source"]) for answer in answers} == {(200, "cache")}
    assert (Commentary.objects.count(), Job.objects.count()) == (1, 0)


def test_a_roll_back_leaves_no_job():
    article = make_article()
    with transaction.atomic():
        services.request_commentary(article)
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_an_article_that_has_just_been_deleted_gets_no_job():
    article = make_article()
    Article.objects.all().delete()
    with pytest.raises(services.Gone):
        services.request_commentary(article)
    assert not Job.objects.exists()


def test_many_articles_are_one_batch_the_newest_first():
    articles = [make_article(title=f"No {n}", published_at=f"2026-11-{n:02}T00:00:00Z") for n in (3, 20, 1, 12)]
    articles = list(Article.objects.all())
    parent, answers = services.request_commentaries(articles)
    assert len(answers) == 4 and parent.children.count() == 4
    assert [job["title"] for job in selectors.queue_stats()["upcomingJobs"]] == ["No 20", "No 12", "No 3", "No 1"]
    again, same = services.request_commentaries(articles)
    assert {job.pk for job in same.values()} == {job.pk for job in answers.values()}
    assert parent.children.count() == 4 and again.children.count() == 0


def test_a_batch_with_nothing_to_write_makes_no_job(settings):
    settings.AI_MODEL = "extract"
    article = make_article()
    Commentary.objects.create(
        article=article, text="x", source="ai", variant="plain", prompt_version="1", generated_at=article.created_at
    )
    Article.objects.update(commentary=Commentary.objects.get())
    parent, answers = services.request_commentaries(Article.objects.select_related("commentary"))
    assert parent is None and set(answers.values()) == {Commentary.objects.get()}
    assert not Job.objects.exists()


def test_a_batch_ends_with_its_last_child(start_worker):
    articles = [make_article(title=f"No {number}") for number in range(4)]
    parent, _ = services.request_commentaries(articles)
    connections.close_all()
    start_worker(AI_MODEL="extract")

    def ended():
        parent.refresh_from_db()
        return parent.state == "completed"

    wait_until(ended, 40)
    assert (parent.progress, parent.total, Commentary.objects.count()) == (4, 4, 4)


def test_statistics_take_as_many_queries_for_a_thousand_as_for_one(django_assert_max_num_queries):
    services.request_commentaries([make_article()])
    with django_assert_max_num_queries(11):
        selectors.queue_stats()
    services.request_commentaries([make_article(title=f"No {number}") for number in range(60)])
    with django_assert_max_num_queries(11):
        assert len(selectors.queue_stats()["upcomingJobs"]) == 10
