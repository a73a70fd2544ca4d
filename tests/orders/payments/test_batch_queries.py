"""How many statements an event about a whole batch takes: they are one transaction, and the provider waits for it."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orders import cancelling
from orders.actors import CUSTOMER
from orders.models import Mail, Order, OrderEvent, Payment, WebhookDelivery, WebhookEndpoint
from queues.models import Job, JobEvent
from tests.orders.builders import deliver, event, make_batch, session_event

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def total(batch: list[Order]) -> int:
    return sum(order.amount for order in batch)


def paid(batch: list[Order]) -> dict:
    return session_event(batch[0], amount_total=total(batch))


def paid_too_much(batch: list[Order]) -> dict:
    return session_event(batch[0], amount_total=total(batch) + 1)


def paid_after_all_was_cancelled(batch: list[Order]) -> dict:
    for order in batch:
        cancelling.cancel(order_id=order.pk, actor=CUSTOMER)
    return paid(batch)


def expired(batch: list[Order]) -> dict:
    return session_event(batch[0], event_type="checkout.session.expired")


def taken_back(batch: list[Order], kind: str, **fields) -> dict:
    assert outcome(paid(batch)) == "paid"
    intent = batch[0].payments.get().intent_id
    about = {"id": f"{kind}_{intent}", "payment_intent": intent, "amount": total(batch), "currency": "usd"}
    return event(kind, about | fields)


def refunded(batch: list[Order]) -> dict:
    return taken_back(batch, "refund.created", status="succeeded")


def disputed(batch: list[Order]) -> dict:
    return taken_back(batch, "charge.dispute.funds_withdrawn")


def outcome(payload: dict) -> str:
    return deliver(Client(), payload).json()["outcome"]


def each_takes(news: Callable[[list[Order]], dict], wanted: str, *, many: int) -> float:
    """How many statements each further order of a batch takes, up to `many`."""
    outcome(session_event(make_batch(100)[0], amount_total=100))  # the first of all makes rows of queues, too
    counts = []
    for size in (2, many):
        payload = news(make_batch(*range(1000, 1000 + size)))
        with CaptureQueriesContext(connection) as captured:
            assert outcome(payload) == wanted
        counts.append(len(captured))
    return (counts[1] - counts[0]) / (many - 2)


def test_each_of_fifty_paid_orders_takes_a_handful_of_statements_and_has_all_that_one_has():
    assert each_takes(paid, "paid", many=50) <= 5
    assert set(Order.objects.values_list("status", flat=True)) == {"PROCESSING"}
    assert Payment.objects.filter(status="confirmed").count() == Order.objects.count() == 53
    assert OrderEvent.objects.filter(action="payment_confirmed").values("order").distinct().count() == 53
    assert OrderEvent.objects.filter(action="payment_confirmed").count() == 53
    for order in Order.objects.all():
        own = Job.objects.get(kind="orders.generate_article", dedupe_key=f"order:{order.pk}")
        assert (own.pk, own.args, own.subject_label) == (order.current_job, {"order_id": str(order.pk)}, order.code)
        mail = Mail.objects.get(order=order)
        sending = Job.objects.get(kind="orders.send_mail", dedupe_key=f"mail:{mail.pk}")
        assert (mail.kind, sending.args, sending.subject_id) == ("order_paid", {"mail_id": mail.pk}, str(order.pk))
        assert order.code in mail.subject
    assert Job.objects.count() == JobEvent.objects.count() == 106


def test_a_client_that_is_told_of_each_order_costs_a_few_more(user):
    WebhookEndpoint.objects.create(owner=user, url="https://client.example.com/")

    def paid_by_client(batch: list[Order]) -> dict:
        Order.objects.update(owner=user)
        return paid(batch)

    assert each_takes(paid_by_client, "paid", many=50) <= 10
    assert WebhookDelivery.objects.values("event__order").distinct().count() == WebhookDelivery.objects.count() == 52
    assert set(Job.objects.filter(kind="orders.generate_article").values_list("owner", flat=True)) == {None, user.pk}


@pytest.mark.parametrize(
    ("news", "wanted", "most"),
    [
        (expired, "expired", 7),
        (paid_too_much, "mismatch", 6),
        (paid_after_all_was_cancelled, "surplus", 16),
        (disputed, "dispute", 24),
        (refunded, "refund", 30),
    ],
)
def test_news_that_is_rare_takes_more_statements_of_each_order_but_a_known_number(news, wanted, most):
    assert each_takes(news, wanted, many=10) <= most
