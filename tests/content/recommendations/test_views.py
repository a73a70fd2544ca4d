"""The form and the page: what they show in each state, and to whom."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.form_page import FormPage
from content.recommendations.models import Recommendation
from queues import clock, control, topics
from queues.models import Job
from tests.content.recommendations.builders import REASONING, answered, attempt, make_request

pytestmark = [pytest.mark.django_db, pytest.mark.database]
computing = pytest.mark.django_db(transaction=True)  # no model may be asked inside a transaction
WISH = {"risk_tolerance": "7", "capital": "10000", "time_horizon": "medium", "sectors": ["Technology", "Healthcare"]}
ADDRESS = "/recommendations"


def text(client, row: Recommendation, part: str = "") -> str:
    response = client.get(f"{ADDRESS}/{row.pk}{part}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("slash", ["", "/"])
def test_form_page_fragment_and_stream_open_with_and_without_a_slash(client, slash):
    row = make_request()
    assert client.get(f"{ADDRESS}{slash}").status_code == 200
    for part, status in (("", 200), ("/live", 200), ("/stream", 307)):
        assert client.get(f"{ADDRESS}/{row.pk}{part}{slash}").status_code == status


def test_a_filled_form_makes_one_request_and_leads_to_its_page(client):
    form = FormPage("http://testserver/recommendations", client.get(ADDRESS).content.decode())
    assert form.fields["risk_tolerance"] == "5" and form.fields["time_horizon"] == "medium"
    answer = client.post(ADDRESS, WISH)
    row = Recommendation.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{ADDRESS}/{row.pk}")
    assert (row.owner, row.risk_tolerance, row.capital, row.sectors) == (None, 7, 10_000, WISH["sectors"])
    assert Job.objects.get().pk == row.current_job


def test_who_is_signed_in_owns_what_the_form_asks_for(client, ada):
    client.force_login(ada)
    client.post(ADDRESS, WISH)
    row = Recommendation.objects.get()
    assert row.owner == ada and text(client, row)
    client.logout()
    assert client.get(f"{ADDRESS}/{row.pk}").status_code == 404


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("risk_tolerance", value) for value in ("0", "11", "high", "5.5", "")),
        *(("capital", value) for value in ("-1", "0", "1e300", "nan", "inf", "", "ten")),
        *(("time_horizon", value) for value in ("soon", "")),
        *(("sectors", value) for value in ([], ["Magic"], ["Technology"] * 500 + ["<b>"])),
    ],
)
def test_a_wrong_value_is_shown_at_its_field_and_nothing_is_stored(client, name, value):
    answer = client.post(ADDRESS, WISH | {name: value})
    shown = answer.content.decode()
    assert answer.status_code == 400
    assert "One thing to correct" in shown and "Nothing was asked for yet" in shown
    assert f'id="id_{name}_error"' in shown and f'href="#id_{name}' in shown
    assert not Recommendation.objects.exists() and not Job.objects.exists()


def test_a_sector_that_is_ticked_twice_counts_once(client):
    assert client.post(ADDRESS, WISH | {"sectors": ["Energy", "Energy"]}).status_code == 302
    assert Recommendation.objects.get().sectors == ["Energy"]


def test_the_form_has_the_limit_of_the_api(client, settings):
    settings.API_LIMITS = settings.API_LIMITS | {"recommendations": 1}
    assert client.post(ADDRESS, WISH).status_code == 302
    refused = client.post(ADDRESS, WISH)
    assert refused.status_code == 429 and int(refused["Retry-After"]) >= 1
    assert "Nothing was asked for" in refused.content.decode()
    assert client.post("/api/recommendations", "{}", content_type="application/json").status_code == 429
    assert Recommendation.objects.count() == 1


@computing
def test_the_page_shows_the_proposal_with_its_source_its_author_and_the_notice(client, fake):
    shown = text(client, answered())
    for part in (
        "Not investment advice",
        "sample data from 2013",
        "1 March 2013",
        "Written from a template, not by AI",
        "AAPL",
        "Cash or short-term government bonds",
        "<polygon",
        "Show as table",
        "Kept until",
    ):
        assert part in shown
    assert "live.js" not in shown and "style=" not in shown


@computing
def test_the_page_says_which_model_wrote(client, model):
    row = make_request()
    attempt(row)
    shown = text(client, row)
    assert "Written by AI (openai/analyst)" in shown
    assert all(paragraph in shown for paragraph in REASONING.split("\n\n"))


@computing
def test_nothing_of_an_answer_is_taken_for_markup(client, fake):
    row = answered()
    row.result["reasoning"] = row.result["recommendations"][0]["rationale"] = "<script>alert(1)</script>"
    row.written_by = "<script>x</script>"
    row.save()
    assert "<script>alert" not in text(client, row) and "<script>x" not in text(client, row)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": "waiting"}, "Number 1 in line, "),
        ({"state": "active", "stage": "prices"}, "Prices are being fetched."),
        ({"state": "active", "stage": "writing"}, "The reasons are being written and checked."),
        ({"state": "active"}, "The work begins."),
        ({"state": "delayed"}, "It goes on in a moment by itself."),
        ({"state": "failed", "error_kind": "no_prices"}, "There are no usable prices for the chosen sectors."),
        ({"state": "failed", "error_kind": "KeyError"}, "Something went wrong on our side."),
        ({"state": "cancelled"}, "The request was cancelled."),
    ],
)
def test_the_page_says_how_the_request_stands(client, changes, words):
    row = make_request()
    Job.objects.update(**changes)
    shown = text(client, row)
    moving = changes["state"] in ("waiting", "active", "delayed")
    assert words in shown
    assert ("js/live.js" in shown) == ('http-equiv="refresh"' in shown) == moving
    assert ("data-done" in shown) == ("Ask again" in shown) == (not moving)


def test_no_time_is_promised_while_the_queue_is_paused(client):
    row = make_request()
    control.pause(Job.objects.get().queue, by="ada", reason="provider down")
    assert "Number 1 in line. Work is paused at the moment; it goes on by itself." in text(client, row)


@pytest.mark.parametrize("part", ["", "/live", "/stream"])
def test_what_is_unknown_past_or_anothers_is_not_found_with_the_same_words(client, ada, part):
    past = make_request()
    Recommendation.objects.filter(pk=past.pk).update(expires_at=clock.now())
    answers = [client.get(f"{ADDRESS}/{key}{part}") for key in (uuid.uuid4(), past.pk, make_request(ada).pk)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert "Results are deleted after 24 hours." in answers[0].content.decode()


def test_the_page_hears_of_its_request_and_while_it_waits_of_the_line(client, settings):
    row = make_request()
    settings.LIVE_URL = "https://live.example"

    def heard() -> list[str]:
        return topics.opened_by(client.get(f"{ADDRESS}/{row.pk}/stream").url.removeprefix(settings.LIVE_URL))

    subject = f"recommendations.recommendation:{row.pk}"
    assert heard() == [subject, "queue:recommendations"]
    Job.objects.update(state="active")
    assert heard() == [subject]


def test_the_fragment_is_sent_again_only_when_it_changed_and_is_part_of_the_page(client):
    row = make_request()
    address = f"{ADDRESS}/{row.pk}/live"
    first = client.get(address)
    assert first.content.decode().strip() in text(client, row)
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    Job.objects.update(state="active")
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_looking_changes_nothing_and_posting_is_not_allowed(client):
    row = make_request()
    text(client, row)
    assert client.post(f"{ADDRESS}/{row.pk}").status_code == 405
    assert Job.objects.count() == Recommendation.objects.count() == 1


def test_the_page_takes_few_queries_whatever_else_there_is(client):
    row = make_request()

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            text(client, row)
        return len(queries)

    one = count()
    for _ in range(50):
        make_request()
    assert count() == one <= 6
