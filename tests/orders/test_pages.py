"""What the order page shows in each state."""

import datetime
import re

import pytest
from django.db import transaction
from django.utils import timezone

from content.articles.services import publish_version
from orders.actors import SYSTEM, Actor
from orders.fulfilment import generation_failed
from orders.models import Order
from orders.pages import order_page, steps
from orders.payments import checkouts
from orders.states import OrderStatus, Progress
from orders.transitions import transition
from queues import control
from queues.models import Job
from tests.orders.builders import make_order, make_paid_order, make_version
from tests.orders.customer_states import STATES
from tests.orders.shopping import opened

pytestmark = pytest.mark.django_db


def job_of(order: Order, **changes) -> Job:
    Job.objects.filter(pk=order.current_job).update(**changes)
    return Job.objects.get(pk=order.current_job)


def make_written_order(status: str = "QUALITY_CHECK", **version) -> Order:
    order = make_paid_order()
    job = job_of(order, state="completed")
    written = make_version(order)
    type(written).objects.filter(pk=written.pk).update(**version)
    written.refresh_from_db()
    with transaction.atomic():
        order = transition(
            order_id=order.pk,
            action="job_done",
            actor=Actor("worker", str(job.pk)),
            job_id=job.pk,
            article=order.article,
            current_version=written,
        )
    Order.objects.filter(pk=order.pk).update(status=status)
    return Order.objects.select_related("product", "current_version").get(pk=order.pk)


def text_of(client, order: Order) -> str:
    """The words of the page, without markup and runs of spaces."""
    page = client.get(opened(client, order)).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<body>")[2]))


def test_an_order_in_line_says_its_place(client):
    make_paid_order(), make_paid_order()
    words = text_of(client, make_paid_order())
    assert "Your article is in line" in words
    assert "You are number 3 in line" in words
    assert "Step 2 of 5: writing your article" in words
    control.pause("article-generation", by="ada", reason="a secret of the house")
    words = text_of(client, make_paid_order())
    assert "Nothing new starts just now; your place in line is kept." in words and "secret" not in words


def test_who_waits_longer_than_usual_is_told_so(client):
    done, order = make_paid_order(), make_paid_order()
    now = timezone.now()
    job_of(done, state="completed", started_at=now - datetime.timedelta(seconds=20), finished_at=now)
    job_of(order, state="active", started_at=now - datetime.timedelta(seconds=40))
    assert "It usually takes 10-30 seconds." in text_of(client, order)
    job_of(order, started_at=now - datetime.timedelta(seconds=90))
    words = text_of(client, order)
    assert "It takes longer than usual this time." in words and "10-30 seconds" not in words


def test_an_order_in_work_says_how_many_parts_are_done_and_what_was_done(client):
    order = make_paid_order()
    job = job_of(order, state="active", progress=3, total=7, stage="generating")
    job.events.create(message="Outline ready: 4 sections")
    words = text_of(client, order)
    for expected in (
        "We are writing your article",
        "3 of 7 parts done",
        "writing the sections one by one",
        "Outline ready: 4 sections",
    ):
        assert expected in words
    assert re.search(r"\d\d:\d\d:\d\d Payment received", words)


def test_a_try_that_failed_is_told_without_the_providers_words(client):
    order = make_paid_order()
    job = job_of(order, state="delayed", progress=1, total=7)
    job.events.create(message="Try 1 of 3 failed: sk-secret refused", level="warning", data={"state": "delayed"})
    words = text_of(client, order)
    assert "Trying again shortly" in words
    assert "sk-secret" not in words


def test_a_finished_article_is_there_with_its_check_and_facts(client):
    order = make_written_order()
    words = text_of(client, order)
    quality = order.current_version.quality
    assert "Your article is ready to read" in words
    assert "Step 3 of 5: ready for your review" in words
    assert f"{quality['passed']} of {quality['total']} checks passed" in words
    for rule in quality["rules"]:
        assert rule["label"] in words
    assert f"Length {order.current_version.word_count} words" in words


def test_the_article_is_shown_as_its_sanitised_html(client):
    order = make_written_order()
    page = client.get(opened(client, order)).content.decode()
    assert order_page(order).reading.html.strip() in page
    assert "data-done" in page
    assert "live.js" not in page


@pytest.mark.parametrize(
    ("version", "label"),
    [
        (
            {"generator": "ai", "is_demo": True},
            "Demo article, written by the built-in model SmolLM2-135M: expect mistakes",
        ),
        ({"generator": "extract", "is_demo": True}, "Automatic extract, not written by AI"),
    ],
)
def test_a_demo_article_is_labelled(client, version, label):
    assert label in text_of(client, make_written_order(**version))


def test_an_article_of_a_real_model_names_it_and_has_no_demo_label(client):
    words = text_of(client, make_written_order(generator="ai", is_demo=False, provider="openai", model="gpt-x"))
    assert "gpt-x (openai)" in words
    assert "Demo article" not in words
    assert "not written by AI" not in words


def test_missed_rules_come_first():
    rules = order_page(make_written_order()).reading.rules
    assert [rule["ok"] for rule in rules] == sorted(rule["ok"] for rule in rules)


@pytest.mark.parametrize(
    ("status", "title"),
    [
        ("ADMIN_REVIEW", "Our editor is checking your article"),
        ("SCHEDULED", "Your article is approved"),
        ("COMPLETED", "Your article is published"),
    ],
)
def test_the_article_stays_readable_in_later_states(client, status, title):
    order = make_written_order(status)
    if status == "COMPLETED":
        publish_version(order.article, order.current_version)
    words = text_of(client, order)
    assert title in words
    assert order.current_version.title in words


def test_a_failed_order_says_why_and_that_the_money_goes_back(client):
    order = make_paid_order()
    job = job_of(order, state="failed", error_kind="rate_limit", error_message="429 for key sk-secret")
    with transaction.atomic():
        generation_failed(job)
    words = text_of(client, order)
    assert "We could not write your article" in words
    assert "Your refund of $49.00 is requested" in words
    assert "too busy" in words
    assert "Stopped at step 2 of 5" in words
    assert "sk-secret" not in words


@pytest.mark.parametrize("status", ["PROCESSING", "COMPLETED", "CANCELLED"])
@pytest.mark.parametrize(
    ("refund", "said"),
    [
        ("needs_manual", "Your refund of $9.00 is requested"),
        ("pending", "Your refund of $9.00 is on its way"),
        ("succeeded", "We have sent $9.00 back to you"),
        ("failed", "Our refund of $9.00 could not be delivered"),
    ],
)
def test_where_a_refund_is_stands_on_the_page_in_every_state(client, status, refund, said):
    order = make_written_order(status)
    order.payments.get().refunds.create(
        status=refund, amount=900, reason="staff", failure="lost_or_stolen_card", settled_at=timezone.now()
    )
    words = text_of(client, order)
    assert said in words
    assert "lost_or_stolen_card" not in words


def test_an_order_that_was_not_paid_in_time_says_that_nothing_was_charged(client):
    order = make_order()
    checkouts.expire_payment(order_id=order.pk, actor=SYSTEM)
    words = text_of(client, order)
    assert "This order was cancelled" in words
    assert "nothing was charged" in words


@pytest.mark.parametrize("status", OrderStatus.values)
def test_every_state_has_a_page(client, status):
    order = make_written_order(status)
    assert client.get(opened(client, order)).status_code == 200


@pytest.mark.parametrize(
    ("progress", "finished", "expected"),
    [
        (Progress(1, 5, "", 5, False), False, ["now", "", "", "", ""]),
        (Progress(3, 5, "", 60, False), False, ["done", "done", "now", "", ""]),
        (Progress(2, 5, "", None, True), False, ["done", "stopped", "", "", ""]),
        (Progress(5, 5, "", 100, False), True, ["done", "done", "done", "done", "done"]),
    ],
)
def test_steps_are_done_up_to_the_present_one(progress, finished, expected):
    assert [step.state for step in steps(progress, finished=finished)] == expected


def test_a_refund_that_staff_called_off_is_not_promised_any_more(client):
    page = client.get(opened(client, STATES["failed, refund called off"]())).content.decode()
    assert "goes back" not in page and "nothing is owed" not in page and "Your refund was called off" in page
