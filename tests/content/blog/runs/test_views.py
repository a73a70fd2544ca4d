"""The page of runs: what it shows, and that its buttons do what they say, without a script."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from aiproviders.models import AISettings
from content.blog.models import Post, Run
from content.blog.runs.forecast import QUEUE
from content.blog.runs.services import stop_run
from queues import control
from queues.errors import Fail
from queues.failure import settle
from queues.models import Job
from tests.content.blog.runs.builders import done, handed_over, started, told, work
from tests.factories import claimed

PAGE = "/admin/blog/auto-generate"
WISH = {"listing": "popular", "media_type": "movie", "count": "3", "mode": "batch", "ai_model": "template"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(ada) -> Client:
    client = Client()
    client.force_login(ada)
    return client


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("slash", ["", "/"])
def test_strangers_are_sent_to_the_login_and_told_nothing(client, ada, slash):
    run = started(ada)
    assert client.get(PAGE + slash).status_code == 302
    assert client.get(f"{PAGE}/live{slash}").status_code == client.get(f"{PAGE}/stream{slash}").status_code == 404
    for path in ("stop", "stop-now"):
        assert client.post(f"{PAGE}/{run.pk}/{path}{slash}").status_code == 302
    assert told(run).is_open


def test_an_empty_page_says_what_to_do(browser):
    answer = browser.get(PAGE)
    assert answer.status_code == 200
    assert "No run yet." in text(answer) and "Wikidata" in text(answer)
    assert "data-live=" not in text(answer) and "History" not in text(answer)


def test_start_redirects_to_the_run_and_a_second_one_is_refused(browser, ada):
    answer = browser.post(PAGE, WISH | {"do": "start"}, follow=True)
    assert answer.redirect_chain and "Started: 3 movies, popular." in text(answer)
    run = Run.objects.get()
    assert f'id="run-{run.pk}"' in text(answer) and "data-live=" in text(answer)
    assert "One run at a time: when yours, below, has ended" in text(answer) and 'value="start"' not in text(answer)
    answer = browser.post(PAGE, WISH | {"do": "start"}, follow=True)
    assert "Nothing was started. One of your runs goes on already." in text(answer)
    assert Run.objects.get() == run


def test_an_estimate_starts_nothing_and_keeps_the_form(browser, bob):
    done(started(bob, count=2))
    answer = browser.post(PAGE, WISH | {"do": "estimate", "count": "7"})
    assert "7 posts: about $0.00, " in text(answer)
    assert "2 titles already have a post and are skipped." in text(answer)
    assert 'name="count" value="7"' in text(answer)
    assert Run.objects.count() == 1


def test_an_estimate_promises_no_time_while_the_queue_is_paused(browser):
    control.pause(QUEUE, by="ada", reason="provider down")
    answer = browser.post(PAGE, WISH | {"do": "estimate", "count": "7"})
    assert "7 posts: about $0.00, once the queue is no longer paused." in text(answer)


@pytest.mark.parametrize("model", ["local/copydesk-local", "extract/1"])
def test_a_demo_model_is_offered_as_what_it_writes(browser, settings, model):
    settings.AI_MODEL = model
    shown = text(browser.get(PAGE))
    option = shown[shown.index(f'<option value="{model}" selected>') :].partition("</option>")[0]
    assert option.endswith(": text from catalogue data, not AI")


def test_an_unknown_price_is_said(browser, settings):
    settings.AI_MODEL = "openai/nobody-knows"
    answer = browser.post(PAGE, WISH | {"do": "estimate", "ai_model": "openai/nobody-knows"})
    assert "cost unknown" in text(answer)
    assert "Nobody's key pays for this model" in text(answer) and "/admin/settings/ai" in text(answer)


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"count": "51"}, "less than or equal to 50"),
        ({"year_from": "2010", "year_to": "2000"}, "Must not be after 2000"),
        ({"genres": "Polka"}, "There is no genre called Polka"),
        ({"listing": "trending"}, "Trending is not available in the built-in catalogue"),
        ({"media_type": "tv"}, "TV shows are not available"),
        ({"ai_model": "nothing"}, "Select a valid choice"),
        ({"daily_cap": "5"}, "Only a continuous run has a daily cap"),
    ],
)
@pytest.mark.parametrize("do", ["start", "estimate"])
def test_a_wrong_field_says_so_beside_it_and_keeps_what_was_typed(browser, wrong, fault, do):
    answer = browser.post(PAGE, WISH | wrong | {"do": do})
    assert answer.status_code == 400 and escape(fault) in text(answer)
    name, value = next(iter(wrong.items()))
    assert f'id="id_{name}_error"' in text(answer)
    assert name == "ai_model" or value in text(answer)
    assert not Run.objects.exists() and not Job.objects.exists()


def test_two_people_see_the_same_run_and_either_may_stop_it(browser, bob):
    run = started(bob)
    answer = browser.get(PAGE)
    assert f'id="run-{run.pk}"' in text(answer) and "started by bob" in text(answer)
    assert 'value="start"' in text(answer)  # Ada may start one of her own
    answer = browser.post(f"{PAGE}/{run.pk}/stop", follow=True)
    assert "Stopped." in text(answer) and not told(run).is_open


class TestStates:
    pytestmark = pytest.mark.django_db(transaction=True)

    def test_running_stopping_and_stopped(self, browser, ada):
        run = started(ada)
        first, second, _ = handed_over(run)
        work(first)
        running = claimed(second)
        page = text(browser.get(PAGE))
        assert f"Writing now: {escape(second.subject_label)}." in page and "1 written" in page
        assert "Stop after this one" in page and f"{PAGE}/{run.pk}/stop-now" in page
        answer = browser.post(f"{PAGE}/{run.pk}/stop", follow=True)
        assert f"Stopping after {escape(second.subject_label)}." in text(answer)
        assert "Stop after this one" not in text(answer) and "Stop now" in text(answer)
        settle(running, Fail("no"))
        assert "Stopped: 1 written, 1 failed" in text(browser.get(PAGE))

    def test_stop_now_asks_first(self, browser, ada):
        run = started(ada)
        first, *_ = handed_over(run)
        claimed(first)
        answer = browser.get(f"{PAGE}/{run.pk}/stop-now")
        assert "What is written stays." in text(answer) and told(run).job.cancel_requested is False
        answer = browser.post(f"{PAGE}/{run.pk}/stop-now", follow=True)
        assert "Stopping now." in text(answer)
        assert told(run).job.cancel_requested

    def test_done_links_to_the_drafts_and_repeat_fills_the_form(self, browser, ada):
        run = done(started(ada, count=2, genres=["Drama"], year_from=1990))
        page = text(browser.get(PAGE))
        for post in Post.objects.all():
            assert f"/admin/blog/post/{post.pk}/change/" in page
        assert "Done: 2 written" in page and f"?repeat={run.pk}" in page and 'value="start"' in page
        page = text(browser.get(f"{PAGE}?repeat={run.pk}"))
        assert 'name="year_from" value="1990"' in page and 'value="Drama"' in page and "<details open" in page
        assert Run.objects.count() == 1

    def test_failed_says_why_and_what_to_do(self, browser, ada):
        run = started(ada, ai_model="gpt-6-luna")
        with pytest.raises(Exception, match="no API key"):
            work(run.job)
        page = text(browser.get(PAGE))
        assert "No titles could be chosen." in page and "/admin/settings/ai" in page and "Repeat" in page

    def test_a_continuous_run_shows_its_next_round(self, browser, ada):
        run = done(started(ada, mode="continuous", count=1, daily_cap=5))
        page = text(browser.get(PAGE))
        assert "1 movie, popular (continuous)" in page and "1 written so far, at most 5 a day." in page
        assert f"The next round begins on {run.job.run_at:%-d %B at %H:%M} UTC." in page and "Scheduled" in page
        stop_run(run)
        assert "Stopped: 1 written" in text(browser.get(PAGE))

    def test_the_live_part_is_a_304_until_something_changes(self, browser, ada):
        run = started(ada)
        parts = handed_over(run)
        answer = browser.get(f"{PAGE}/live")
        etag = answer.headers["ETag"]
        assert browser.get(f"{PAGE}/live", headers={"If-None-Match": etag}).status_code == 304
        work(parts[0])
        assert browser.get(f"{PAGE}/live", headers={"If-None-Match": etag}).status_code == 200
        assert browser.get(f"{PAGE}/stream").status_code == 307

    def test_it_takes_as_many_queries_for_fifty_posts_and_twenty_old_runs_as_for_one(self, browser, ada, bob):
        handed_over(started(ada, count=1))
        with CaptureQueriesContext(connection) as few:
            browser.get(PAGE)
        stop_run(Run.objects.get())
        Run.objects.bulk_create(Run(owner=bob, ai_model="template", ending="completed") for _ in range(20))
        handed_over(started(ada, count=50))
        with CaptureQueriesContext(connection) as many:
            assert text(browser.get(PAGE)).count("?repeat=") == 20
        assert len(many) <= len(few) <= 30  # which keys the house has is looked up every two seconds


@pytest.mark.parametrize("asked", ["x", "00000000-0000-0000-0000-000000000000"])
def test_a_repeat_of_no_run_is_the_empty_form(browser, asked):
    assert browser.get(f"{PAGE}?repeat={asked}").status_code == 200


def test_the_form_begins_with_the_model_one_prefers(browser, ada):
    AISettings.objects.create(user=ada, preferred_model="anthropic/claude-haiku-5-5")
    assert '<option value="anthropic/claude-haiku-5-5" selected>' in text(browser.get(PAGE))


def test_the_admin_leads_there(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("root"))
    assert f'href="{PAGE}"' in text(client.get("/admin/"))
