"""What a customer does on the order's page: asking for changes, sending to the editor, taking back, ending it."""

import re

import pytest
from django.db import transaction
from django.test import Client

from orders.actors import SYSTEM
from orders.fulfilment import generation_failed
from orders.models import Decision, Order, Refund, Review, RevisionRequest
from orders.payments.refunds import request_refund
from queues.models import Job
from tests.orders import stages
from tests.orders.builders import make_order, make_paid_order, make_version
from tests.orders.customer_states import claimed, sent_back, unchanged
from tests.orders.shopping import opened
from tests.orders.stages import NOTES, fresh, snapshot, submitted, written

pytestmark = pytest.mark.django_db


def ask(client: Client, order: Order, notes: str = NOTES, version=None):
    path = opened(client, order)
    return client.post(f"{path}/request-revision", {"notes": notes, "version": version or order.current_version_id})


def act(client: Client, order: Order, action: str, **form):
    return client.post(f"{opened(client, order)}/{action}", form)


def test_notes_become_a_job_and_lead_back_to_the_page(client):
    order = written()
    response = ask(client, order)
    assert (response.status_code, response.url) == (302, f"/order-status/{order.pk}")
    revision, order = RevisionRequest.objects.get(), fresh(order)
    assert (revision.notes, order.status, order.current_job) == (NOTES, "PROCESSING", revision.job_id)
    page = client.get(response.url).content.decode()
    assert "Your changes are in line" in page and NOTES in page
    assert order.current_version.title in page  # the old version stays readable


@pytest.mark.parametrize(
    ("notes", "reason"),
    [
        ("", "At least 10 characters"),
        ("too short", "this has 9"),
        ("\u200b" * 20, "nothing can be read here"),
        ("x" * 4001, "this has 4001"),
    ],
)
def test_notes_that_cannot_be_used_are_refused_at_their_field_and_kept(client, notes, reason):
    order = written()
    before = snapshot()
    response = ask(client, order, notes)
    page = response.content.decode()
    assert response.status_code == 400
    field = re.search(r'<textarea[^>]*id="notes"[^>]*>([^<]*)</textarea>', page)
    assert 'aria-invalid="true"' in field.group() and field.group(1) == notes
    assert reason in re.search(r'id="notes_error">([^<]+)', page).group(1)
    assert '<a href="#notes">' in page
    assert snapshot() == before


def test_html_in_notes_is_shown_as_the_text_that_it_is(client):
    response = ask(client, written(), "<script>alert(1)</script> and more")
    page = client.get(response.url).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "<script>alert" not in page


@pytest.mark.parametrize("version", ["not-an-id", "00000000-0000-0000-0000-000000000001"])
def test_notes_on_a_version_that_was_replaced_are_not_taken_but_kept(client, version):
    order = written()
    before = snapshot()
    response = ask(client, order, version=version)
    page = response.content.decode()
    assert response.status_code == 409
    assert "another version by now" in page and NOTES in page
    assert snapshot() == before


def test_the_same_notes_twice_are_one_wish_and_no_error(client):
    order = written()
    first, second = ask(client, order), ask(client, order)
    assert first.url == second.url == f"/order-status/{order.pk}"
    assert RevisionRequest.objects.count() == 1


def test_other_notes_while_changes_are_made_are_refused_and_kept(client):
    order = written()
    ask(client, order)
    response = ask(client, order, "Something entirely different, please.")
    assert response.status_code == 409
    assert "The order has moved on" in response.content.decode()
    assert RevisionRequest.objects.count() == 1


def test_the_page_says_how_many_revisions_are_used_and_keeps_the_notes(client):
    order = written()
    page = client.get(opened(client, order)).content.decode()
    assert "0 of 5 included revisions used" in page and "Notes so far" not in page
    ask(client, order)
    stages.finish(fresh(order))
    page = client.get(opened(client, order)).content.decode()
    assert "1 of 5 included revisions used" in page and "Notes so far" in page and NOTES in page


def test_notes_that_could_not_be_met_stand_in_the_field_again(client):
    order = unchanged()
    page = client.get(opened(client, order)).content.decode()
    assert "We could not make your changes" in page and "demo model" not in page
    Job.objects.filter(pk=order.current_job).update(error_kind="no_model")
    assert "The built-in demo model cannot make changes" in client.get(opened(client, order)).content.decode()
    assert "mention our study of 2026" in re.search(r"<textarea[^>]*>([^<]*)</textarea>", page).group(1)


def test_who_got_a_part_back_before_is_promised_the_rest(client):
    order = written()
    request_refund(payment=order.payments.get(), reason="staff", actor=SYSTEM, amount=1250)
    assert "Your $36.50 goes back" in client.get(f"{opened(client, order)}/cancel").content.decode()
    act(client, order, "cancel")
    mail = order.mails.get(kind="cancelled")
    for text in (mail.text, mail.html):
        assert "$36.50" in text and "$49.00" not in text


def test_who_got_a_part_back_before_hears_of_the_rest_when_the_order_fails(client):
    order = make_paid_order()
    request_refund(payment=order.payments.get(), reason="staff", actor=SYSTEM, amount=1250)
    job = Job.objects.get(pk=order.current_job)
    with transaction.atomic():
        generation_failed(job)
    mail, page = order.mails.get(kind="order_failed"), client.get(opened(client, order)).content.decode()
    for text in (mail.text, mail.html, page):
        assert "$36.50" in text
    assert "your $49.00" not in page and "$49.00" not in mail.text + mail.html


@pytest.mark.parametrize("button", ["pay", "check-payment", "request-revision", "recall"])
def test_the_address_of_a_button_leads_to_the_page_of_the_order(client, button):
    order = submitted()
    path = opened(client, order)
    before = snapshot()
    assert client.get(f"{path}/{button}").url == client.head(f"{path}/{button}").url == path
    assert client.put(f"{path}/{button}").status_code == 405
    assert snapshot() == before


def test_what_could_not_be_met_is_old_news_once_the_version_went_to_the_editor(client):
    order = unchanged()
    act(client, order, "submit", version=order.current_version_id)
    act(client, order, "recall")
    page = client.get(opened(client, order)).content.decode()
    assert "Your article is ready to read" in page and "We could not make your changes" not in page


def test_sending_to_the_editor_asks_first_and_happens_then(client):
    order = written()
    question = client.get(f"{opened(client, order)}/submit").content.decode()
    assert "you cannot ask for changes" in question
    assert Review.objects.count() == 0
    version = re.search(r'name="version" value="([^"]+)"', question).group(1)
    for _ in range(2):  # a double click
        assert act(client, order, "submit", version=version).url == f"/order-status/{order.pk}"
    assert (Review.objects.count(), fresh(order).status) == (1, "ADMIN_REVIEW")
    page = client.get(f"/order-status/{order.pk}").content.decode()
    assert "Our editor is checking your article" in page and "Ask for changes" not in page


def test_a_version_that_was_replaced_meanwhile_is_not_sent(client):
    order = written()
    old = order.current_version_id
    Order.objects.filter(pk=order.pk).update(current_version=make_version(order))
    assert act(client, order, "submit", version=old).status_code == 409
    assert Review.objects.count() == 0


def test_what_nobody_reads_yet_can_be_taken_back_even_twice(client):
    order = submitted()
    assert "Take it back" in client.get(opened(client, order)).content.decode()
    for _ in range(2):
        assert act(client, order, "recall").status_code == 302
    assert fresh(order).status == "QUALITY_CHECK"
    assert Review.objects.get().decision == Decision.RECALLED


def test_what_the_editor_reads_cannot_be_taken_back(client):
    order = claimed()
    assert "Take it back" not in client.get(opened(client, order)).content.decode()
    response = act(client, order, "recall")
    assert response.status_code == 409
    assert "The editor has begun to read it" in response.content.decode()
    assert fresh(order).status == "ADMIN_REVIEW"


def test_what_the_editor_sent_back_comes_with_the_note(client):
    page = client.get(opened(client, sent_back())).content.decode()
    assert "Our editor asks for a change" in page and "Two numbers have no source." in page
    assert "Ask for changes" in page


@pytest.mark.parametrize(
    ("make", "question", "reason", "refunds"),
    [
        (make_order, "Nothing was charged", "customer", 0),
        (make_paid_order, "Your $49.00 goes back the way you paid it", "customer", 1),
        (written, "The article is not published", "withdrawal", 1),
    ],
)
def test_ending_an_order_says_what_happens_with_the_money_and_happens_then(client, make, question, reason, refunds):
    order = make()
    page = client.get(f"{opened(client, order)}/cancel").content.decode()
    assert question in page and fresh(order).status != "CANCELLED"
    for _ in range(2):  # a double click
        assert act(client, order, "cancel").url == f"/order-status/{order.pk}"
    order = fresh(order)
    assert (order.status, order.cancel_reason) == ("CANCELLED", reason)
    assert Refund.objects.count() == refunds


def test_what_cannot_be_ended_any_more_offers_no_way_to_it(client):
    order = stages.published()
    path = opened(client, order)
    assert f"{path}/cancel" not in client.get(path).content.decode()
    for response in (client.get(f"{path}/cancel"), client.post(f"{path}/cancel")):
        assert response.status_code == 409
        assert "The order has moved on" in response.content.decode()
    assert fresh(order).status == "COMPLETED"


@pytest.mark.parametrize("action", ["request-revision", "submit", "recall", "cancel", "pay", "check-payment"])
def test_nothing_is_done_without_the_forms_token_or_the_orders_cookie(action):
    order = written()
    before = snapshot()
    careful = Client(enforce_csrf_checks=True)
    assert careful.post(f"{opened(careful, order)}/{action}").status_code == 403
    assert Client().post(f"/order-status/{order.pk}/{action}").status_code == 404
    assert snapshot() == before


def test_the_pages_own_token_passes(client):
    order, careful = written(), Client(enforce_csrf_checks=True)
    path = opened(careful, order)
    page = careful.get(path).content.decode()
    form = re.search(r'<form id="revising".*?</form>', page, re.DOTALL).group()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form).group(1)
    typed = {"notes": NOTES, "version": order.current_version_id, "csrfmiddlewaretoken": token}
    assert careful.post(f"{path}/request-revision", typed).status_code == 302
    assert Job.objects.filter(kind="orders.revise_article").count() == 1
