"""Believing a payment: once, and only the right one."""

import uuid

import pytest
from django.core.exceptions import ValidationError

from orders.actors import SYSTEM, Actor
from orders.models import Mail, Order, Payment, PaymentStatus, Refund
from orders.payments import balance
from orders.payments.checkouts import expire_payment
from orders.payments.confirm import Outcome, accept_held, confirm_outside, confirm_payment
from orders.payments.refunds import request_refund
from orders.states import CancelReason
from orders.transitions import transition
from queues.models import Job
from tests.orders.builders import make_order, make_paid_order, receipt

pytestmark = pytest.mark.django_db
STRIPE, STAFF = Actor("provider", "evt_1"), Actor("staff", "7")


def confirm(order: Order, **fields) -> Outcome:
    outcome = confirm_payment(order_id=order.pk, receipt=receipt(order, **fields), actor=STRIPE)
    order.refresh_from_db()
    return outcome


def counts() -> tuple[int, int, int]:
    """Jobs that write, mails, refunds."""
    return Job.objects.filter(kind="orders.generate_article").count(), Mail.objects.count(), Refund.objects.count()


def test_a_payment_starts_the_work_and_tells_the_customer():
    order = make_order()
    assert confirm(order) == Outcome.PAID
    payment, job = order.payments.get(), Job.objects.get(kind="orders.generate_article")
    assert (order.status, order.current_job) == ("PROCESSING", job.pk)
    assert (payment.status, payment.confirmed_at) == (PaymentStatus.CONFIRMED, order.paid_at)
    assert (job.subject_id, job.dedupe_key) == (str(order.pk), f"order:{order.pk}")
    assert order.mails.get().kind == "order_paid"
    event = order.events.last()
    assert (event.action, event.actor_kind, event.actor_id) == ("payment_confirmed", "provider", "evt_1")
    assert not order.needs_attention


@pytest.mark.parametrize("again", [{}, {"session_id": ""}])
def test_the_same_payment_counts_once_through_whichever_door(again):
    order = make_order()
    confirm(order)
    assert confirm(order, **again) == Outcome.ALREADY
    assert counts() == (1, 1, 0)
    assert order.payments.count() == 1


def test_an_intent_without_its_session_pays_the_open_checkout():
    order = make_order()
    assert confirm(order, session_id="", intent_id="pi_bare") == Outcome.PAID
    assert order.payments.get().intent_id == "pi_bare"
    assert confirm(order, intent_id="pi_bare") == Outcome.ALREADY


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0},
        {"currency": ""},
        {"livemode": True},
        {"session_id": "cs_of_nobody"},
    ],
)
def test_a_payment_that_is_not_what_was_asked_for_starts_nothing(wrong):
    order = make_order()
    assert confirm(order, **wrong) == Outcome.MISMATCH
    assert order.status == "PENDING_PAYMENT"
    assert order.needs_attention and order.attention_reason
    assert [event.action for event in order.events.all()][-2:] == ["payment_mismatch", "flagged"]
    assert order.payments.get().status == PaymentStatus.CREATED
    assert counts() == (0, 0, 0)


@pytest.mark.parametrize("wrong", [{"amount": 4899}, {"amount": 4901}, {"currency": "eur"}])
def test_another_sum_is_held_for_staff_and_starts_nothing(wrong):
    order = make_order()
    assert confirm(order, **wrong) == Outcome.MISMATCH
    payment = order.payments.get()
    assert (payment.status, payment.amount, payment.currency) == (
        PaymentStatus.HELD,
        wrong.get("amount", 4900),
        wrong.get("currency", "usd"),
    )
    assert (order.status, order.needs_attention) == ("PENDING_PAYMENT", True)
    assert confirm(order, **wrong) == Outcome.ALREADY
    assert order.events.filter(action="payment_mismatch").count() == 1
    assert counts() == (0, 0, 0)


def test_staff_can_take_a_held_payment_for_the_price():
    order = make_order()
    confirm(order, amount=4800)
    assert accept_held(payment=order.payments.get(), actor=STAFF, note="A coupon.") is True
    assert accept_held(payment=order.payments.get(), actor=STAFF, note="Again.") is False
    order.refresh_from_db()
    assert (order.status, order.payments.get().status) == ("PROCESSING", PaymentStatus.CONFIRMED)
    assert (balance.net(order), order.events.last().note) == (4800, "A coupon.")
    assert counts() == (1, 1, 0)


def test_staff_can_send_a_held_payment_back_and_the_price_can_still_be_paid():
    order = make_order()
    confirm(order, amount=4800)
    refund = request_refund(payment=order.payments.get(), reason="staff", actor=STAFF)
    assert (refund.amount, refund.status) == (4800, "requested")
    assert accept_held(payment=refund.payment, actor=STAFF, note="Too late.") is False
    assert confirm(order, session_id="", intent_id="pi_right") == Outcome.PAID
    assert accept_held(payment=refund.payment, actor=STAFF, note="No.") is False
    assert counts() == (1, 1, 1)


def test_staff_can_say_that_the_price_was_paid_outside():
    order = make_order()
    for outcome in (Outcome.PAID, Outcome.ALREADY):
        assert confirm_outside(order_id=order.pk, actor=STAFF, note=" Bank transfer. ") == outcome
    order.refresh_from_db()
    assert (order.status, counts()) == ("PROCESSING", (1, 1, 0))
    assert [(row.provider, row.status) for row in order.payments.all()] == [
        ("sandbox", PaymentStatus.EXPIRED),
        ("outside", PaymentStatus.CONFIRMED),
    ]
    event = order.events.get(action="payment_confirmed")
    assert (event.actor_kind, event.actor_id, event.note) == ("staff", "7", "Bank transfer.")


def test_paying_in_the_checkout_after_paying_outside_goes_back():
    order = make_order()
    confirm_outside(order_id=order.pk, actor=STAFF, note="Bank transfer.")
    assert confirm(order) == Outcome.SURPLUS
    assert Refund.objects.get().payment.provider == "sandbox"
    assert counts() == (1, 1, 1)


def test_paid_outside_needs_a_note():
    order = make_order()
    with pytest.raises(ValidationError, match="nothing can be read"):
        confirm_outside(order_id=order.pk, actor=STAFF, note="  ")
    order.refresh_from_db()
    assert order.status == "PENDING_PAYMENT"


@pytest.mark.parametrize("field", ["session_id", "intent_id"])
def test_a_payment_of_another_order_starts_nothing(field):
    order, other = make_order(), make_paid_order()
    assert confirm(order, **{field: getattr(other.payments.get(), field)}) == Outcome.MISMATCH
    assert order.status == "PENDING_PAYMENT"
    assert counts() == (1, 1, 0)


def test_a_second_payment_goes_back_and_changes_nothing_else():
    order = make_order()
    confirm(order)
    assert confirm(order, session_id="", intent_id="pi_second") == Outcome.SURPLUS
    refund = Refund.objects.get()
    assert (refund.reason, refund.status, refund.amount) == ("duplicate", "requested", 4900)
    assert (refund.payment.intent_id, refund.payment.status) == ("pi_second", PaymentStatus.SURPLUS)
    assert (order.status, order.needs_attention) == ("PROCESSING", True)
    assert confirm(order, session_id="", intent_id="pi_second") == Outcome.ALREADY
    assert counts() == (1, 1, 1)


def test_two_payments_of_one_session_are_told_apart_by_their_intents():
    order = make_order()
    confirm(order)
    assert confirm(order, intent_id="pi_other") == Outcome.SURPLUS
    assert confirm(order, intent_id="pi_other") == Outcome.ALREADY
    assert Refund.objects.get().payment.intent_id == "pi_other"
    assert counts() == (1, 1, 1)


def test_a_settled_checkout_that_names_no_intent_is_the_same_money():
    order = make_order()
    confirm(order)
    assert confirm(order, intent_id="") == Outcome.ALREADY
    assert counts() == (1, 1, 0)


def test_a_late_payment_reopens_an_order_that_expired():
    order = make_order()
    expire_payment(order_id=order.pk, actor=SYSTEM)
    assert confirm(order) == Outcome.PAID
    assert (order.status, order.cancel_reason) == ("PROCESSING", "")
    assert counts() == (1, 1, 0)


def test_a_payment_for_an_order_that_its_customer_cancelled_goes_back():
    order = make_order()
    transition(order_id=order.pk, action="cancel", actor=SYSTEM, cancel_reason=CancelReason.CUSTOMER)
    assert confirm(order) == Outcome.SURPLUS
    assert (order.status, Refund.objects.get().reason) == ("CANCELLED", "late")
    assert counts() == (0, 0, 1)


def test_a_declined_payment_can_still_be_made():
    order = make_order()
    order.payments.update(status=PaymentStatus.FAILED, failure="Your card was declined.", intent_id="pi_old")
    assert confirm(order) == Outcome.PAID
    payment = order.payments.get()
    assert (payment.status, payment.failure) == (PaymentStatus.CONFIRMED, "")


def test_an_unknown_order_is_said_to_be_unknown():
    order = make_order()
    with pytest.raises(Order.DoesNotExist):
        confirm_payment(order_id=uuid.uuid4(), receipt=receipt(order), actor=STRIPE)
    assert Payment.objects.get().status == PaymentStatus.CREATED
