"""Money of a whole batch that goes back: how many statements that takes, and that it is of each order once."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orders.models import Mail, Order, OrderEvent, Payment, Refund, WebhookDelivery, WebhookEndpoint
from orders.payments import balance
from queues.models import Job, JobEvent
from tests.concurrency import all_at_once
from tests.orders.builders import deliver, event, make_batch, session_event
from tests.orders.payments.test_batch_queries import disputed, outcome, paid, refunded, taken_back, total

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
MANY = 50


def refunded_in_part(batch: list[Order]) -> dict:
    return taken_back(batch, "refund.created", status="succeeded", amount=total(batch) // 2)


def refund_that_failed(batch: list[Order]) -> dict:
    news = refunded(batch)
    assert outcome(news) == "refund"
    return event("refund.failed", news["data"]["object"] | {"status": "failed", "failure_reason": "expired_card"})


def refunded_too_much(batch: list[Order]) -> dict:
    return taken_back(batch, "refund.created", status="succeeded", amount=total(batch) + 1)


def dispute_opened(batch: list[Order]) -> dict:
    return taken_back(batch, "charge.dispute.created", status="needs_response", reason="fraudulent")


def dispute_won(batch: list[Order]) -> dict:
    news = disputed(batch)
    assert outcome(news) == "dispute"
    return event("charge.dispute.funds_reinstated", news["data"]["object"])


def statements(news: Callable[[list[Order]], dict], wanted: str, *, of: int) -> int:
    payload = news(make_batch(*range(1000, 1000 + of)))
    with CaptureQueriesContext(connection) as captured:
        assert outcome(payload) == wanted
    return len(captured)


@pytest.mark.parametrize(
    ("news", "wanted", "of_each"),
    [
        # The order's transition (lock, UPDATE, audit row) and, after the commit, the end of its job: six.
        (refunded, "refund", 9),
        (disputed, "dispute", 9),
        (refunded_in_part, "refund", 0),
        (refund_that_failed, "refund", 0),
        (refunded_too_much, "mismatch", 0),
        (dispute_opened, "dispute", 0),
        (dispute_won, "dispute", 0),
    ],
)
def test_only_what_each_order_must_do_by_itself_takes_statements_of_its_own(settings, news, wanted, of_each):
    settings.ALERT_EMAILS = ["desk@example.com"]
    outcome(session_event(make_batch(100)[0], amount_total=100))  # the first of all makes rows of queues, too
    statements(news, wanted, of=1)  # and the first of this kind
    one, many = (statements(news, wanted, of=size) for size in (1, MANY))
    assert many - one <= of_each * (MANY - 1) + 5  # a long list may need a second statement here and there


def test_each_of_fifty_refunded_orders_has_all_that_one_has(settings, user):
    settings.ALERT_EMAILS = ["desk@example.com"]
    WebhookEndpoint.objects.create(owner=user, url="https://client.example.com/")
    batch = make_batch(*range(1000, 1000 + MANY))
    Order.objects.update(owner=user)
    assert outcome(refunded(batch)) == "refund"
    assert set(Order.objects.values_list("status", "needs_attention")) == {("CANCELLED", True)}
    for order in Order.objects.all():
        refund = Refund.objects.get(payment__order=order)
        assert (refund.amount, refund.status, refund.reason) == (order.amount, "succeeded", "external")
        told = list(order.events.values_list("action", "actor_kind", "from_status", "to_status"))
        assert told[-3:] == [
            ("flagged", "system", "", ""),
            ("refund_succeeded", "provider", "", ""),
            ("refunded", "provider", "PROCESSING", "CANCELLED"),
        ]
        assert order.attention_reason == order.events.get(action="flagged").note
        assert refund.amount_text in order.attention_reason
        mail = Mail.objects.get(order=order, kind="refunded")
        assert refund.amount_text in mail.text and order.code in mail.text
        assert Job.objects.filter(kind="orders.send_mail", dedupe_key=f"mail:{mail.pk}").count() == 1
        delivery = WebhookDelivery.objects.get(event__order=order, type="order.refunded")
        assert delivery.event == order.events.get(action="refund_succeeded")
        assert Job.objects.get(dedupe_key=f"webhook:{delivery.pk}").owner == user
    writing = Job.objects.filter(kind="orders.generate_article")
    assert set(writing.values_list("state", flat=True)) == {"cancelled"} and writing.count() == MANY
    assert JobEvent.objects.filter(job__in=writing, data__state="cancelled").count() == MANY
    assert Mail.objects.filter(kind="staff_alert").count() == 20  # no more in an hour


def test_a_refund_and_a_dispute_that_are_told_of_often_and_at_once_count_once_at_each_order():
    prices = (4900, 2900, 700)
    batch = make_batch(*prices)
    assert outcome(paid(batch)) == "paid"
    about = {"payment_intent": batch[0].payments.get().intent_id, "currency": "usd"}
    refund = about | {"id": "re_1", "amount": 850, "status": "succeeded"}
    dispute = about | {"id": "du_1", "amount": 8500}
    contents = [("refund.created", refund), ("refund.updated", refund), ("charge.dispute.funds_withdrawn", dispute)]
    events = [event(*content) for content in contents for _ in range(3)] * 2
    all_at_once([lambda each=each: deliver(Client(), each) for each in events])
    # The bank takes what was left; the refund may have come first, in between or, then too large, not at all.
    for payment, price in zip(Payment.objects.order_by("-amount"), prices, strict=True):
        assert balance.returned(payment) == balance.accepted(payment) == price
        assert payment.refunds.filter(reason="dispute").count() == 1
    assert Refund.objects.aggregate(all=Sum("amount"))["all"] == sum(prices)
    assert set(Order.objects.values_list("status", flat=True)) == {"CANCELLED"}
    assert OrderEvent.objects.filter(action="refunded").count() == 3
    assert Mail.objects.filter(kind="refunded").count() == Refund.objects.filter(reason="external").count() <= 3
    assert outcome(event("charge.dispute.funds_reinstated", dispute)) == "dispute"
    sent_back = Refund.objects.filter(reason="external").aggregate(all=Sum("amount"))["all"] or 0
    assert sum(balance.net(order) for order in batch) == sum(prices) - sent_back
