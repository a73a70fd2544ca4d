"""Personal data: everything can be had, and everything but the books can be forgotten."""

import io
import json
import zipfile

import pytest
from django.db import connection
from django.test import Client

from orders import cancelling, decisions, erasing, links, requeueing, reviews, selectors
from orders.actors import CUSTOMER, SYSTEM, Actor
from orders.models import Order, Refund, StripeEvent
from orders.payments import checkouts
from orders.payments.confirm import confirm_payment
from orders.personal_export import export_order
from orders.revisions import request_revision
from orders.transitions import Conflict
from queues.models import Job, Step
from tests.concurrency import all_at_once, while_somebody_locks
from tests.orders.builders import INPUTS, aged, deliver, make_order, make_paid_order, receipt, session_event
from tests.orders.stages import STAGES, finish, fresh, given_up, make_staff, published, snapshot

pytestmark = pytest.mark.django_db
STAFF = Actor("staff", "1")
OPEN = ("PENDING_PAYMENT", "PROCESSING", "QUALITY_CHECK", "ADMIN_REVIEW", "SCHEDULED")
WORDS = [*INPUTS.values(), "Please make it sound like my grandmother."]


def everything(order: Order) -> str:
    """All that is stored about the order, as text; what readers may read is left out."""
    order = fresh(order)
    live = order.article.published_version if order.article else None
    rows = [
        Order.objects.filter(pk=order.pk),
        order.events,
        order.payments,
        order.reviews,
        order.revisions,
        order.mails,
    ]
    rows += [order.stripe_events, Refund.objects.filter(payment__order=order)]
    rows += [order.versions.exclude(pk=live.pk if live else None), Step.objects, Job.objects]
    return "\n".join(str(list(row.values())) for row in rows) + str(list(order.versions.values("revision_notes")))


def revised() -> Order:
    order = make_order()
    deliver(Client(), session_event(order, customer_details={"email": INPUTS["email"]}))
    order = finish(fresh(order))
    request_revision(order_id=order.pk, notes=WORDS[-1], actor=CUSTOMER)
    job = Job.objects.get(kind="orders.revise_article")
    Step.objects.create(job=job, name="text", result={"text": INPUTS["anchor_text"]})
    order = finish(fresh(order))
    order.versions.filter(number=2).update(revision_notes=WORDS[-1])
    return order


def over() -> Order:
    order = revised()
    reviews.submit_for_review(order_id=order.pk, version_id=order.current_version_id, actor=CUSTOMER)
    decisions.reject(order_id=order.pk, note=f"Ask {INPUTS['email']} about the grandmother.", staff=make_staff())
    cancelling.cancel(order_id=order.pk, actor=CUSTOMER, note=f"{INPUTS['email']} has no time")
    Refund.objects.update(status="succeeded", provider_id="re_1")
    return fresh(order)


def test_an_export_holds_everything_but_the_key():
    order = over()
    archive = zipfile.ZipFile(io.BytesIO(export_order(order)))
    names = archive.namelist()
    assert "order.json" in names and {"articles/version-1.md", "articles/version-2.html"} <= set(names)
    assert sum(name.startswith("mails/") for name in names) == order.mails.count() >= 2
    content = json.loads(archive.read("order.json"))
    assert content["order"]["email"] == INPUTS["email"] and content["order"]["amount"] == 4900
    assert content["revisions"][0]["notes"] == WORDS[-1]
    assert content["providerEvents"][0]["payload"]["data"]["object"]["customer_details"]["email"] == INPUTS["email"]
    for part in ("events", "payments", "refunds", "versions", "mails"):
        assert content[part]
    whole = b"".join(archive.read(name) for name in names).decode()
    assert links.token_for(order.pk, order.link_version) not in whole


def test_an_export_has_no_mails_to_others(settings):
    settings.ALERT_EMAILS = ["eve@copydesk.example"]
    order = given_up()
    assert order.mails.filter(kind="staff_alert").exists()
    assert b"staff_alert" not in zipfile.ZipFile(io.BytesIO(export_order(order))).read("order.json")


def test_after_erasing_no_word_of_the_customer_is_left_and_the_books_are():
    order = over()
    token, before = links.token_for(order.pk, order.link_version), everything(order)
    for word in WORDS:
        assert word in before
    erasing.erase_order(order_id=order.pk, actor=STAFF)
    after = everything(order)
    for word in (*WORDS, "grandmother", "no time"):
        assert word not in after
    order = fresh(order)
    assert (order.amount, order.currency, order.status) == (4900, "usd", "CANCELLED")
    assert order.payments.get().amount == order.payments.get().refunds.get().amount == 4900
    assert order.payments.get().intent_id and order.paid_at
    assert order.events.get(action="refund_requested").data["amount"] == 4900
    assert order.events.last().action == "erased"
    assert order.article.title == "Erased"
    assert selectors.order_by_token(order.pk, token) is None
    assert StripeEvent.objects.get().payload == {
        "id": StripeEvent.objects.get().pk,
        "type": StripeEvent.objects.get().type,
    }
    assert not Job.objects.open().filter(kind="orders.send_mail", state="active").exists()


def test_the_published_text_stays():
    order = published()
    erasing.erase_order(order_id=order.pk, actor=STAFF)
    article = fresh(order).article
    assert article.published_version.markdown and article.public_url


def test_erasing_again_changes_nothing():
    order = over()
    erasing.erase_order(order_id=order.pk, actor=STAFF)
    before = [{name: value for name, value in row.items() if name != "updated_at"} for row in snapshot()["Order"]]
    events = order.events.count()
    erasing.erase_order(order_id=order.pk, actor=STAFF)
    after = [{name: value for name, value in row.items() if name != "updated_at"} for row in snapshot()["Order"]]
    assert after == before and order.events.count() == events


@pytest.mark.parametrize("status", OPEN)
def test_an_order_that_is_not_over_is_not_erased(status):
    order = STAGES[status]()
    before = snapshot()
    with pytest.raises(Conflict):
        erasing.erase_order(order_id=order.pk, actor=STAFF)
    assert snapshot() == before


def test_an_order_whose_refund_is_on_its_way_is_not_erased():
    order = given_up()
    before = snapshot()
    with pytest.raises(Conflict, match="refund"):
        erasing.erase_order(order_id=order.pk, actor=STAFF)
    assert snapshot() == before


def test_an_erased_order_is_never_worked_on_again():
    order = given_up()
    Refund.objects.update(status="canceled")
    erasing.erase_order(order_id=order.pk, actor=STAFF)
    before = snapshot()
    with pytest.raises(Conflict, match="erased"):
        requeueing.requeue(order_id=order.pk, staff=make_staff())
    assert snapshot() == before


def test_money_that_comes_for_an_erased_order_goes_back_without_a_mail():
    order = aged(make_order())
    checkouts.expire_payment(order_id=order.pk, actor=SYSTEM)
    erasing.erase_order(order_id=order.pk, actor=STAFF)
    assert confirm_payment(order_id=order.pk, receipt=receipt(order), actor=SYSTEM) == "surplus"
    order = fresh(order)
    assert (order.status, order.current_job) == ("CANCELLED", None)
    assert Refund.objects.get().reason == "late" and not order.mails.exists()


def test_the_status_of_an_erased_order_can_still_be_read(admin_client):
    order = over()
    erasing.erase_order(order_id=order.pk, actor=STAFF)
    answer = admin_client.get(f"/api/v1/purchase/status/{order.pk}")
    assert (answer.status_code, answer.json()["topic"]) == (200, "")


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_two_who_erase_at_once_leave_one_audit_row():
    order = make_paid_order()
    cancelling.cancel(order_id=order.pk, actor=CUSTOMER)
    Refund.objects.update(status="succeeded")
    all_at_once([lambda: erasing.erase_order(order_id=order.pk, actor=STAFF)] * 4)
    assert order.events.filter(action="erased").count() == 1
    assert fresh(order).link_version == 2


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_an_event_that_is_handled_again_meanwhile_does_not_stop_it():
    """Whoever handles an event has locked it before its order."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite locks no rows")
    order = make_order()
    deliver(Client(), session_event(order))
    cancelling.cancel(order_id=order.pk, actor=STAFF)
    Refund.objects.update(status="succeeded")
    rows = [StripeEvent.objects.filter(order=order), Order.objects.filter(pk=order.pk)]
    while_somebody_locks(*rows, lambda: erasing.erase_order(order_id=order.pk, actor=STAFF))
    assert fresh(order).is_erased and set(StripeEvent.objects.get().payload) == {"id", "type"}
