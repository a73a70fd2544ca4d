"""Refunds and disputes as Stripe tells of them: ours and others', in any order, often, and wrong."""

import pytest

from orders.models import Mail, Refund, StripeEvent
from orders.payments import balance
from queues.models import Job
from tests.orders.builders import deliver, event, make_order, make_paid_order
from tests.orders.payments.paying_back import paid_out, paid_payment, requested
from tests.orders.test_webhooks import outcome_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(db):
    return make_paid_order()


def refund_event(order, *, kind: str = "refund.created", **fields) -> dict:
    """An event about a whole refund made in Stripe's dashboard; `fields` change the refund."""
    payment = paid_payment(order)
    refund = {
        "id": "re_1",
        "object": "refund",
        "amount": payment.amount,
        "currency": payment.currency,
        "payment_intent": payment.intent_id,
        "status": "succeeded",
        "metadata": {},
    }
    return event(kind, refund | fields)


def dispute_event(order, kind: str, **fields) -> dict:
    content = {"id": "du_1", "object": "dispute", "status": "needs_response", "reason": "fraudulent", "metadata": {}}
    payment = {"payment_intent": paid_payment(order).intent_id, "amount": 4900, "currency": "usd"}
    return event(f"charge.dispute.{kind}", content | payment | fields)


def test_a_refund_made_in_the_dashboard_ends_the_order(client, order):
    assert outcome_of(deliver(client, refund_event(order))) == (200, "refund")
    refund = Refund.objects.get()
    order.refresh_from_db()
    assert (refund.reason, refund.status, refund.provider_id, refund.amount) == ("external", "succeeded", "re_1", 4900)
    assert (order.status, order.cancel_reason, order.current_job) == ("CANCELLED", "refunded_externally", None)
    assert order.needs_attention
    assert not Job.objects.filter(kind="orders.pay_refund").exists()
    assert StripeEvent.objects.get().order == order


def test_a_part_refunded_in_the_dashboard_leaves_the_work_going_on(client, order):
    deliver(client, refund_event(order, amount=900))
    order.refresh_from_db()
    assert (order.status, balance.net(order)) == ("PROCESSING", 4000)


def test_a_published_order_stays_published(client, order):
    type(order).objects.filter(pk=order.pk).update(status="COMPLETED")
    deliver(client, refund_event(order))
    order.refresh_from_db()
    assert (order.status, order.needs_attention, balance.net(order)) == ("COMPLETED", True, 0)


def test_the_news_may_come_in_any_order_and_often(client, order):
    for kind, status in [
        ("refund.updated", "succeeded"),
        ("refund.created", "pending"),
        ("refund.updated", "succeeded"),
        ("charge.refund.updated", "pending"),
    ]:
        assert outcome_of(deliver(client, refund_event(order, kind=kind, status=status))) == (200, "refund")
    assert Refund.objects.get().status == "succeeded"
    assert Mail.objects.filter(kind="refunded").count() == 1
    assert order.events.filter(action="refund_succeeded").count() == 1


def test_a_refund_that_comes_back_days_later_calls_staff_and_frees_the_money(client, order):
    deliver(client, refund_event(order, amount=900))
    failed = refund_event(
        order, amount=900, kind="refund.failed", status="failed", failure_reason="lost_or_stolen_card"
    )
    assert outcome_of(deliver(client, failed)) == (200, "refund")
    refund = Refund.objects.get()
    order.refresh_from_db()
    assert (refund.status, refund.failure, order.needs_attention) == ("failed", "lost_or_stolen_card", True)
    assert "lost_or_stolen_card" in order.attention_reason
    assert balance.remaining(paid_payment(order)) == balance.net(order) == 4900
    deliver(client, refund_event(order, amount=900))
    refund.refresh_from_db()
    assert refund.status == "failed"


def test_an_event_about_our_own_refund_makes_no_second_row(client, order):
    refund = requested(order, 900)
    ours = refund_event(order, amount=900, metadata={"refund_id": str(refund.pk)})
    deliver(client, ours)
    refund.refresh_from_db()
    assert (refund.status, refund.provider_id, refund.reason) == ("succeeded", "re_1", "staff")
    assert paid_out(refund).provider_id == "re_1"
    assert balance.net(order) == 4000
    order.refresh_from_db()
    assert not order.needs_attention


def test_a_refund_that_does_not_fit_is_written_down_nowhere_and_calls_staff(client, order):
    for wrong in ({"amount": 4901}, {"amount": -1}, {"amount": "4900"}, {"currency": "eur"}, {"id": None}):
        assert outcome_of(deliver(client, refund_event(order, **wrong))) == (200, "mismatch")
    order.refresh_from_db()
    assert (order.needs_attention, order.status) == (True, "PROCESSING")
    assert not Refund.objects.exists()


def test_somebody_elses_refund_id_does_not_settle_our_refund(client, order):
    other = requested(make_paid_order(), 900)
    deliver(client, refund_event(order, amount=900, metadata={"refund_id": str(other.pk)}))
    other.refresh_from_db()
    assert other.status == "requested"
    assert Refund.objects.get(provider_id="re_1").payment == paid_payment(order)


@pytest.mark.parametrize("intent", [None, "", "pi_of_nobody", [], {"id": "pi_of_nobody"}])
def test_a_refund_of_no_payment_of_ours_is_kept_for_staff(client, order, intent):
    assert outcome_of(deliver(client, refund_event(order, payment_intent=intent))) == (200, "unmatched")
    assert not Refund.objects.exists()


def test_a_payment_after_its_refund_changes_nothing(client, order):
    deliver(client, refund_event(order))
    payment = paid_payment(order)
    again = {"id": payment.intent_id, "amount_received": 4900, "currency": "usd", "livemode": False}
    late = event("payment_intent.succeeded", again | {"metadata": {"order_id": str(order.pk)}})
    assert outcome_of(deliver(client, late)) == (200, "already")
    order.refresh_from_db()
    assert order.status == "CANCELLED"


def test_a_charge_whose_refunds_we_know_asks_for_nothing(client, order):
    deliver(client, refund_event(order, amount=900))
    charge = {"id": "ch_1", "payment_intent": paid_payment(order).intent_id, "amount_refunded": 900}
    assert outcome_of(deliver(client, event("charge.refunded", charge))) == (200, "already")
    assert outcome_of(deliver(client, event("charge.refunded", charge | {"amount_refunded": 901}))) == (200, "checking")
    assert Job.objects.get(kind="orders.check_refunds").args == {"payment_id": str(paid_payment(order).pk)}


def test_a_dispute_is_noted_and_calls_staff(client, order):
    for kind in ("created", "updated", "closed"):
        assert outcome_of(deliver(client, dispute_event(order, kind))) == (200, "dispute")
    order.refresh_from_db()
    assert (order.status, order.needs_attention) == ("PROCESSING", True)
    assert "fraudulent" in order.attention_reason
    assert order.events.filter(action="dispute").count() == 3
    assert not Refund.objects.exists()


def test_money_that_a_bank_takes_back_stops_the_work_and_is_not_called_a_refund(client, order):
    assert outcome_of(deliver(client, dispute_event(order, "funds_withdrawn"))) == (200, "dispute")
    assert outcome_of(deliver(client, dispute_event(order, "funds_withdrawn"))) == (200, "dispute")
    order.refresh_from_db()
    assert (Refund.objects.get().reason, balance.net(order), order.status) == ("dispute", 0, "CANCELLED")
    assert not Mail.objects.filter(kind="refunded").exists()
    assert outcome_of(deliver(client, dispute_event(order, "funds_reinstated"))) == (200, "dispute")
    assert (Refund.objects.get().status, balance.net(order)) == ("canceled", 4900)


def test_a_bank_takes_back_no_more_than_is_left(client, order):
    paid_out(requested(order, 900))
    deliver(client, dispute_event(order, "funds_withdrawn"))
    assert balance.net(order) == 0
    deliver(client, dispute_event(order, "funds_withdrawn", id="du_2"))
    assert (Refund.objects.count(), balance.net(order)) == (2, 0)


def test_an_unpaid_order_has_nothing_to_refund(client):
    order = make_order()
    order.payments.update(intent_id="pi_open")
    content = {"id": "re_1", "amount": 4900, "currency": "usd", "payment_intent": "pi_open", "status": "succeeded"}
    assert outcome_of(deliver(client, event("refund.created", content))) == (200, "mismatch")
    order.refresh_from_db()
    assert (order.status, Refund.objects.count()) == ("PENDING_PAYMENT", 0)
