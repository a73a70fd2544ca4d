"""The same thing twenty times at one moment, on real connections: one payment, one job, one mail."""

import pytest
from django.test import Client

from orders.actors import SYSTEM
from orders.models import Mail, Order, Payment, StripeEvent
from orders.payments import checkouts
from orders.transitions import Conflict
from queues.models import Job
from tests.concurrency import all_at_once
from tests.orders.builders import deliver, make_order, session_event

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
AT_ONCE = 20


def outcomes(events: list[dict]) -> list[str]:
    responses = all_at_once([lambda event=event: deliver(Client(), event) for event in events])
    assert {response.status_code for response in responses} == {200}
    return sorted(response.json()["outcome"] for response in responses)


def assert_paid_once(order: Order) -> None:
    order.refresh_from_db()
    assert order.status == "PROCESSING"
    assert Job.objects.get(kind="orders.generate_article").pk == order.current_job
    assert (Payment.objects.count(), Mail.objects.count()) == (1, 1)
    assert Job.objects.filter(kind="orders.send_mail").count() == 1
    assert order.events.filter(action="payment_confirmed").count() == 1


def test_twenty_first_deliveries_of_one_event():
    order = make_order()
    assert outcomes([session_event(order)] * AT_ONCE) == ["duplicate"] * (AT_ONCE - 1) + ["paid"]
    assert StripeEvent.objects.count() == 1
    assert_paid_once(order)


def test_twenty_events_about_one_payment():
    order = make_order()
    events = [session_event(order) for _ in range(AT_ONCE)]
    assert outcomes(events) == ["already"] * (AT_ONCE - 1) + ["paid"]
    assert StripeEvent.objects.filter(status="processed").count() == AT_ONCE
    assert_paid_once(order)


def test_paying_and_expiring_at_once_has_one_consistent_end():
    order = make_order()

    def expire() -> str:
        try:
            checkouts.expire_payment(order_id=order.pk, actor=SYSTEM)
        except Conflict:
            return "refused"
        return "expired"

    paid = session_event(order)
    all_at_once([lambda: deliver(Client(), paid), expire])
    # Either the payment came first and expiring was refused, or it came later and reopened the order.
    assert_paid_once(order)
