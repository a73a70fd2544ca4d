"""Stripe's client against a Stripe on loopback: what is asked, how faults are understood, and that no secret leaks."""

import time

import pytest
from django.db import transaction

from orders.models import Order, Refund
from orders.payments import checkouts, payouts
from orders.payments import stripe as backend
from orders.payments.base import ProviderAway, ProviderRefused
from queues.failure import settle
from queues.models import Job
from tests.orders.builders import deliver, make_order
from tests.orders.payments.paying_back import attempt, paid_out, requested
from tests.orders.payments.stripe_server import KEY

pytestmark = pytest.mark.django_db(transaction=True)


def paid_order(stripe, client) -> Order:
    order = make_order()
    for event in stripe.pay(order.payments.get().session_id):
        deliver(client, event)
    order.refresh_from_db()
    assert order.status == "PROCESSING"
    return order


def test_a_checkout_carries_what_finds_the_order_again_and_no_key_to_it(stripe, settings):
    settings.PUBLIC_URL = "https://desk.example.com"
    order = make_order()
    payment, (_, path, asked) = order.payments.get(), stripe.requests[0]
    session = stripe.sessions[payment.session_id]
    assert path == "/v1/checkout/sessions"
    assert session["metadata"]["order_id"] == session["intent_metadata"]["order_id"] == str(order.pk)
    assert (session["client_reference_id"], session["amount_total"], session["currency"]) == (
        str(order.pk),
        4900,
        "usd",
    )
    assert asked["cancel_url"] == f"https://desk.example.com/order-status/{order.pk}"
    assert asked["success_url"] == f"{asked['cancel_url']}?paid=1"
    assert 0 < session["expires_at"] - time.time() <= 86400
    assert payment.checkout_url == session["url"]
    assert len(payment.checkout_url) > 255
    assert list(stripe.answers) == [f"checkout-{payment.pk}"]


def test_stripe_that_is_away_loses_no_order(stripe):
    stripe.faults = ["503"]
    order = make_order()
    order.refresh_from_db()
    assert (order.status, order.needs_attention, order.payments.get().session_id) == ("PENDING_PAYMENT", True, "")
    assert checkouts.open_address(order) == ""
    assert checkouts.address(order).startswith("https://checkout.stripe.com/")
    assert (order.payments.count(), len(stripe.sessions)) == (1, 1)


def test_a_lost_answer_opens_no_second_checkout(stripe):
    stripe.faults = ["lost"]
    order = make_order()
    assert checkouts.address(order) == next(iter(stripe.sessions.values()))["url"]
    assert len(stripe.sessions) == 1


@pytest.mark.parametrize("fault", ["500", "503", "429", "409", "401", "lost"])
def test_a_refund_without_a_clear_answer_is_asked_for_again_and_paid_once(stripe, client, fault):
    refund = requested(paid_order(stripe, client), 900)
    stripe.faults = ["", fault]
    job = attempt(refund)
    with pytest.raises(ProviderAway) as away:
        payouts.pay_out(refund_id=str(refund.pk), job=job)
    settle(job.job, away.value)
    assert KEY not in str(away.value) + Job.objects.get(pk=job.id).error_message
    assert Job.objects.get(pk=job.id).state == "delayed"
    Job.objects.filter(pk=job.id).update(state="waiting")
    assert paid_out(refund).status == "succeeded"
    assert f"refund-{refund.pk}" in stripe.answers  # the key under which Stripe itself tells a repetition
    assert [(each["amount"], each["metadata"]["refund_id"]) for each in stripe.refunds.values()] == [
        (900, str(refund.pk))
    ]


def test_a_refund_is_found_by_its_mark_when_stripe_has_forgotten_the_key(stripe, client):
    refund = requested(paid_order(stripe, client), 900)
    stripe.faults = ["", "lost"]
    with pytest.raises(ProviderAway):
        payouts.pay_out(refund_id=str(refund.pk), job=attempt(refund))
    stripe.answers.clear()
    Job.objects.filter(kind="orders.pay_refund").update(state="waiting")
    assert paid_out(refund).status == "succeeded"
    assert len(stripe.refunds) == 1


def test_a_refund_that_stripe_refuses_goes_to_staff(stripe, client):
    order = paid_order(stripe, client)
    refund = requested(order)
    stripe.refund_by_hand(order.payments.get().intent_id, 4900)
    job = attempt(refund)
    with pytest.raises(ProviderRefused) as refused:
        payouts.pay_out(refund_id=str(refund.pk), job=job)
    settle(job.job, refused.value)
    refund.refresh_from_db()
    assert (refund.status, "charge_already_refunded" in refund.failure) == ("needs_manual", True)
    assert len(stripe.refunds) == 1


def test_a_refund_that_waits_for_the_balance_is_on_its_way_and_not_failed(stripe, client):
    order = paid_order(stripe, client)
    stripe.next_refund = "pending"
    refund = paid_out(requested(order))
    order.refresh_from_db()
    assert (refund.status, order.status, order.needs_attention) == ("pending", "PROCESSING", False)


def test_stripe_is_never_asked_inside_a_transaction(stripe):
    order = make_order()
    with transaction.atomic(), pytest.raises(RuntimeError, match="transaction"):
        backend.Stripe().standing(order.payments.get())


def test_a_wrong_key_is_told_without_quoting_it(stripe, settings):
    settings.STRIPE_SECRET_KEY = "sk_test_wrong"
    order = make_order()
    note = order.events.get(action="checkout_failed").note
    assert note == "Stripe answered 401 (AuthenticationError)."


@pytest.mark.parametrize(("key", "live"), [("sk_live_1", True), ("rk_live_1", True), ("sk_test_1", False)])
def test_the_key_says_whether_the_money_is_real(settings, key, live):
    settings.STRIPE_SECRET_KEY = key
    assert backend.Stripe().livemode is live


def test_test_money_pays_for_nothing_beside_a_live_key(stripe, client, settings):
    order = make_order()
    events = stripe.pay(order.payments.get().session_id)
    settings.STRIPE_SECRET_KEY = "sk_live_1"
    assert [deliver(client, event).json()["outcome"] for event in events] == ["mismatch", "mismatch"]
    order.refresh_from_db()
    assert (order.status, order.needs_attention) == ("PENDING_PAYMENT", True)
    assert not Refund.objects.exists()
