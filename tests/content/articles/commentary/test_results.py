"""Results per variant: the sums, the API and the page."""

import datetime
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from content.articles.commentary import opinions, results
from content.articles.commentary.prompts import VARIANTS
from content.articles.models import Commentary
from queues import clock
from tests.content.articles.reader import make_article

pytestmark = pytest.mark.django_db
PLAIN, QUESTION = (variant.name for variant in VARIANTS)
A_DAY_AGO = datetime.timedelta(days=1)
KEYS = {
    *("variant", "written", "fromCache", "fallbacks", "successRate", "secondsP50", "secondsP95"),
    *("cost", "views", "helpful", "notHelpful"),
}


def said(article, source="ai", variant=PLAIN, days_ago=0, **values) -> Commentary:
    return Commentary.objects.create(
        **{"article": article, "text": "x", "source": source, "variant": variant, "prompt_version": "1"} | values,
        generated_at=clock.now() - datetime.timedelta(days=days_ago),
    )


@pytest.fixture
def article():
    return make_article()


@pytest.fixture
def history(article):
    rows = [said(article, seconds=float(n), cost=Decimal("0.001"), views=n) for n in range(1, 5)]
    said(article, "fallback", cost=Decimal("0.002"))
    said(article, "cache", seconds=99.0)
    said(article, "ai", QUESTION, seconds=7.0)
    said(article, "fallback", QUESTION, days_ago=40)
    for number, helpful in enumerate((True, True, False)):
        opinions.vote(rows[0], reader=f"reader-{number}", helpful=helpful)
    opinions.vote(rows[0], reader="reader-2", helpful=True)
    return rows


def test_each_variant_has_its_own_sums(history):
    plain, question = results.by_variant(clock.now() - A_DAY_AGO)
    assert (plain.variant, plain.written, plain.from_cache, plain.fallbacks) == (PLAIN, 4, 1, 1)
    assert (plain.success_rate, plain.cost, plain.views) == (0.8, Decimal("0.006"), 10)
    assert (plain.p50, plain.p95) == (2.5, 3.85)
    assert (plain.helpful, plain.not_helpful) == (3, 0)
    assert (question.success_rate, question.p50, question.p95, question.helpful) == (1.0, 7.0, 7.0, 0)
    assert results.together([plain, question]).success_rate == round(5 / 6, 4)


def test_a_variant_that_was_dropped_keeps_its_results(article):
    opinions.vote(said(article, variant="dropped"), reader="reader", helpful=False)
    entries = {entry.variant: entry for entry in results.by_variant(clock.now() - A_DAY_AGO)}
    assert entries["dropped"].not_helpful == 1 and entries[PLAIN].success_rate is None


def test_the_queries_do_not_grow_with_the_rows(article, django_assert_num_queries):
    since = clock.now() - A_DAY_AGO
    for count in (1, 50):
        for _ in range(count):
            said(article, seconds=1.0)
        with django_assert_num_queries(3):
            results.by_variant(since)


def test_the_api_tells_staff(admin_client, history):
    body = admin_client.get("/api/articles/analytics?days=1").json()
    assert set(body) == {"days", "all", "variants"} and set(body["all"]) == KEYS
    assert [entry["variant"] for entry in body["variants"]] == [PLAIN, QUESTION]
    assert (body["all"]["written"], body["variants"][0]["successRate"]) == (5, 0.8)
    assert admin_client.get("/api/articles/analytics").json()["all"]["fallbacks"] == 1


@pytest.mark.parametrize("days", ["0", "-1", "x", "367", "9" * 30, "1.5", ""])
def test_a_wrong_period_is_named(admin_client, days):
    answer = admin_client.get(f"/api/articles/analytics?days={days}")
    assert answer.status_code == 400 and answer.json()["errors"][0]["pointer"] == "/days"


def test_others_than_staff_are_told_nothing(client, django_user_model):
    assert client.get("/api/articles/analytics").status_code in (401, 403)
    client.force_login(django_user_model.objects.create_user("client"))
    assert client.get("/api/articles/analytics").status_code == 403


def test_the_page_shows_a_row_for_each_variant_and_their_sum(admin_client, history):
    page = admin_client.get(reverse("admin:articles_commentary_analytics") + "?days=1").content.decode()
    assert "80 %" in page and "2.5 s" in page and "$0.0060" in page
    assert page.count('<th scope="row">') == 3
    assert "Results per variant" in admin_client.get(reverse("admin:articles_commentary_changelist")).content.decode()


def test_the_list_tells_the_votes_for_each_text(admin_client, history):
    opinions.vote(history[0], reader="reader-3", helpful=False)
    Commentary.objects.filter(pk=history[0].pk).update(problem="timeout")
    page = admin_client.get(reverse("admin:articles_commentary_changelist")).content.decode()
    told = re.findall(r'<td class="field-votes">(.*?)</td>', page)
    assert sorted(told) == ["-"] * 7 + ["3 of 4"]
    assert 'field-took">99.0 s<' in page and 'field-dollars">$0.0010<' in page
    assert re.search(r'<a href="\?problem=">\s*None</a>', page)


@pytest.mark.parametrize("days", ["0", "x", "99999999999", ""])
def test_a_made_up_period_shows_the_usual_one(admin_client, days):
    page = admin_client.get(reverse("admin:articles_commentary_analytics") + f"?days={days}").content.decode()
    assert "in the last 30 days" in page
