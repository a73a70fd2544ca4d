"""The page of an article, as browsers without scripts see it."""

import re

import pytest
from django.db import transaction
from django.test import Client

from aiproviders.shared import client as redis_client
from content.articles.commentary import services
from content.articles.commentary.storing import locked, store
from content.articles.models import Article, Commentary, Vote
from queues import control
from queues.models import Job
from tests.content.articles.reader import make_article
from tests.factories import claimed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache():
    redis_client().delete(*redis_client().keys("copydesk:cache*"), "nothing")


def say(article, source="ai", text="First.\n\nSecond <b>x</b>.", **values) -> Commentary:
    with transaction.atomic():
        return store(locked(article.pk), source=source, text=text, model="gpt-x", **values)


def words(client, article) -> str:
    page = client.get(f"/articles/{article.pk}").content.decode().partition("<main")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_text_is_shown_as_text(client):
    article = make_article(content="One <script>alert(1)</script>\n\nTwo", source_url="https://news.example/a")
    page = client.get(f"/articles/{article.pk}/").content.decode()
    assert "<p>One &lt;script&gt;alert(1)&lt;/script&gt;</p>" in page
    assert 'href="https://news.example/a" rel="noopener noreferrer nofollow"' in page


@pytest.mark.parametrize(
    ("source", "demo", "label"),
    [
        ("ai", False, "Written by AI (gpt-x)"),
        ("cache", False, "Written by AI (gpt-x)"),
        ("ai", True, "Written by AI (built-in demo model: expect mistakes)"),
        ("fallback", False, "Automatic extract, not written by AI,"),
    ],
)
def test_who_wrote_the_commentary_is_said_beside_it(client, source, demo, label):
    article = make_article()
    say(article, source, is_demo=demo)
    page = words(client, article)
    assert label in page and "Second &lt;b&gt;x" in page
    assert ("Ask AI again" in page) == (source == "fallback")


def test_asking_shows_the_place_in_line_and_then_the_work(client):
    article = make_article()
    assert "There is no commentary yet" in words(client, article)
    answer = client.post(f"/articles/{article.pk}/commentary")
    assert answer["Location"] == f"/articles/{article.pk}"
    assert "number 1 in line, 10-30 seconds" in words(client, article)
    assert "Ask AI for" not in words(client, article)
    claimed(Job.objects.get())
    page = client.get(f"/articles/{article.pk}").content.decode()
    assert "A commentary is being written" in page and "data-live=" in page and "live.js" in page


def test_no_time_is_promised_while_the_queue_is_paused(client):
    article = make_article()
    client.post(f"/articles/{article.pk}/commentary")
    control.pause(Job.objects.get().queue, by="ada", reason="provider down")
    page = words(client, article)
    assert "number 1 in line. Work is paused at the moment." in page and "seconds" not in page


def test_a_page_where_nothing_moves_has_no_live_part(client):
    article = make_article()
    say(article)
    page = client.get(f"/articles/{article.pk}").content.decode()
    assert "data-live=" not in page and "live.js" not in page and "data-done" in page


def test_the_live_part_is_sent_again_only_when_it_has_changed(client):
    article = make_article()
    services.request_commentary(article)
    first = client.get(f"/articles/{article.pk}/live")
    assert first.status_code == 200 and b"in line" in first.content
    again = client.get(f"/articles/{article.pk}/live", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    say(article)
    changed = client.get(f"/articles/{article.pk}/live", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200 and b"First." in changed.content


def test_the_stream_leads_to_a_signed_address(client):
    article = make_article()
    answer = client.get(f"/articles/{article.pk}/stream")
    assert answer.status_code == 307 and "/live/" in answer["Location"]


def test_a_reader_votes_once_and_may_think_again(client):
    article = make_article()
    commentary = say(article)
    for value in ("yes", "yes", "no"):
        assert client.post(f"/articles/{article.pk}/vote", {"helpful": value}).status_code == 302
    assert Vote.objects.get().helpful is False
    assert "You said no" in words(client, article)
    assert client.cookies["reader"]["httponly"] and client.cookies["reader"]["path"] == "/articles/"
    Client().post(f"/articles/{article.pk}/vote", {"helpful": "yes"})
    assert commentary.votes.count() == 2


@pytest.mark.parametrize("value", ["", "maybe"])
def test_what_is_no_vote_stores_nothing(client, value):
    article = make_article()
    say(article)
    assert client.post(f"/articles/{article.pk}/vote", {"helpful": value}).status_code == 404
    assert not Vote.objects.exists() and "reader" not in client.cookies


def test_there_is_nothing_to_vote_on_without_a_commentary(client):
    assert client.post(f"/articles/{make_article().pk}/vote", {"helpful": "yes"}).status_code == 404


@pytest.mark.parametrize("cookie", ["x", "x" * 500, "ü" * 20])
def test_a_made_up_cookie_is_not_stored(client, cookie):
    article = make_article()
    say(article)
    client.cookies["reader"] = cookie
    assert client.get(f"/articles/{article.pk}").status_code == 200
    client.post(f"/articles/{article.pk}/vote", {"helpful": "yes"})
    assert Vote.objects.get().reader != cookie


def test_looking_changes_nothing_and_the_script_counts(client):
    article = make_article()
    commentary = say(article)
    client.get(f"/articles/{article.pk}"), client.get(f"/articles/{article.pk}/live")
    commentary.refresh_from_db()
    assert commentary.views == 0
    assert client.post(f"/articles/{article.pk}/seen").status_code == 204
    commentary.refresh_from_db()
    assert commentary.views == 1


@pytest.mark.parametrize("what", ["commentary", "vote", "seen"])
def test_other_sites_cannot_send_the_forms(what):
    article = make_article()
    say(article)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/articles/{article.pk}/{what}", {"helpful": "yes"}).status_code == 403
    assert strict.get(f"/articles/{article.pk}/{what}").status_code == 405
    assert not Vote.objects.exists() and Commentary.objects.get().views == 0


def test_an_unknown_article_is_not_found(client):
    path = "/articles/01900000-0000-7000-8000-000000000000"
    for page in ("", "/live", "/stream"):
        assert client.get(path + page).status_code == 404
    for form in ("/commentary", "/vote", "/seen"):
        assert client.post(path + form).status_code == 404


def test_the_page_takes_as_many_queries_however_much_was_said(client, django_assert_max_num_queries):
    article = make_article()
    for _ in range(5):
        say(article)
    Article.objects.get()
    with django_assert_max_num_queries(4):
        client.get(f"/articles/{article.pk}")
