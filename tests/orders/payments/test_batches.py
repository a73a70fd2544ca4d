"""Several orders in one checkout at Stripe: every row of the tables of money, for each order's own share."""

import pytest

from orders import cancelling
from orders.actors import CUSTOMER, SYSTEM, Actor
from orders.models import Mail, Order, Payment, Refund
from orders.payments import balance, checkouts, reconcile
from orders.payments.confirm import confirm_outside
from orders.payments.stripe import Stripe
from queues.models import Job
from tests.factories import running_job
from tests.orders.builders import DAY, aged, deliver, make_batch
from tests.orders.payments.stripe_server import event

pytestmark = pytest.mark.django_db(transaction=True)
PRICES = (4900, 2900, 700)


@pytest.fixture
def batch(stripe) -> list[Order]:
    return make_batch(*PRICES)


@pytest.fixture
def paid(stripe, batch, client) -> list[Order]:
    send(client, stripe.pay(session_of(batch[0])))
    return batch


def session_of(order: Order) -> str:
    return order.payments.last().session_id


def intent_of(order: Order) -> str:
    return order.payments.get(status="confirmed").intent_id


def send(client, events: list[dict]) -> list[str]:
    return [deliver(client, each).json()["outcome"] for each in events]


def states(orders: list[Order]) -> list[tuple[str, str]]:
    """Each order's status, and those of its payments."""
    rows = [Order.objects.get(pk=order.pk) for order in orders]
    return [(row.status, " ".join(payment.status for payment in row.payments.all())) for row in rows]


def nets(orders: list[Order]) -> list[int]:
    return [balance.net(order) for order in orders]


def listed(orders: list[Order]) -> list[bool]:
    return [Order.objects.get(pk=order.pk).needs_attention for order in orders]


def leave(order: Order) -> None:
    """The job that a cancelled or paid order leaves behind for its checkout."""
    job = Job.objects.get(kind="orders.close_checkout", subject_id=str(order.pk))
    reconcile.leave_checkout(Payment.objects.get(pk=job.args["payment_id"]), SYSTEM)


def test_one_payment_starts_the_work_of_each_order_once_whatever_comes_in_which_order(stripe, batch, client):
    assert len(stripe.sessions) == 1 and stripe.sessions[session_of(batch[0])]["amount_total"] == sum(PRICES)
    intent, session = stripe.pay(session_of(batch[2]))
    again = event("checkout.session.completed", session["data"]["object"])
    assert send(client, [intent, session, intent, again]) == ["paid", "already", "duplicate", "already"]
    assert states(batch) == [("PROCESSING", "confirmed")] * 3 and nets(batch) == list(PRICES)
    assert Job.objects.filter(kind="orders.generate_article").count() == 3
    assert Mail.objects.filter(kind="order_paid").count() == 3 and not Refund.objects.exists()
    assert listed(batch) == [False] * 3


def test_a_payment_whose_events_were_lost_is_asked_for_once_and_found(stripe, batch):
    stripe.pay(session_of(batch[0]))
    for order in batch:
        aged(order, DAY / 2)
    asked = len(stripe.requests)
    assert reconcile.reconcile(running_job("orders.reconcile", {}))["payments"] == 1
    assert len(stripe.requests) == asked + 1 and states(batch) == [("PROCESSING", "confirmed")] * 3


def test_a_refusal_is_seen_at_each_order_and_the_checkout_can_still_be_paid(stripe, batch, client):
    session = stripe.sessions[session_of(batch[0])]
    refused = {"id": "pi_1", "metadata": session["intent_metadata"], "last_payment_error": {"message": "Declined."}}
    assert send(client, [event("payment_intent.payment_failed", refused)]) == ["failed"]
    assert states(batch) == [("PENDING_PAYMENT", "failed")] * 3
    assert send(client, stripe.pay(session["id"])) == ["paid", "already"]
    assert states(batch) == [("PROCESSING", "confirmed")] * 3


def test_a_checkout_that_expires_ends_all_and_money_that_comes_later_reopens_all(stripe, batch, client):
    intent, session = stripe.pay(session_of(batch[0]))
    assert send(client, [event("checkout.session.expired", session["data"]["object"])]) == ["expired"]
    assert states(batch) == [("CANCELLED", "expired")] * 3
    assert send(client, [session, intent]) == ["paid", "already"]
    assert states(batch) == [("PROCESSING", "confirmed")] * 3


def test_orders_that_nobody_paid_for_a_day_end_together(stripe, batch):
    for order in batch:
        aged(order, DAY * 1.01)
    assert reconcile.expire_unpaid(running_job("orders.expire_unpaid", {})) >= 1
    assert states(batch) == [("CANCELLED", "expired")] * 3
    assert stripe.sessions[session_of(batch[0])]["status"] == "expired"


def test_without_one_that_was_cancelled_the_others_are_paid_in_another_checkout(stripe, batch, client):
    first = session_of(batch[0])
    cancelling.cancel(order_id=batch[1].pk, actor=CUSTOMER)
    leave(batch[1])
    closed = event("checkout.session.expired", stripe.sessions[first])
    assert stripe.sessions[first]["status"] == "expired" and send(client, [closed]) == ["ignored"]
    assert [state for state, _ in states(batch)] == ["PENDING_PAYMENT", "CANCELLED", "PENDING_PAYMENT"]
    assert batch[0].events.get(action="checkout_left").actor_kind == "system"
    assert checkouts.address(batch[2]) == checkouts.address(batch[0]) != ""
    second = session_of(batch[0])
    assert stripe.sessions[second]["amount_total"] == 5600 and len(stripe.sessions) == 2
    assert send(client, stripe.pay(second)) == ["paid", "already"]
    assert [state for state, _ in states(batch)] == ["PROCESSING", "CANCELLED", "PROCESSING"]
    assert nets(batch) == [4900, 0, 700] and listed(batch) == [False] * 3


def test_whoever_pays_before_the_checkout_is_closed_gets_the_cancelled_share_back(stripe, batch, client):
    events = stripe.pay(session_of(batch[0]))
    cancelling.cancel(order_id=batch[0].pk, actor=CUSTOMER)
    leave(batch[0])
    assert send(client, events) == ["already", "already"]
    assert [state for state, _ in states(batch)] == ["CANCELLED", "PROCESSING", "PROCESSING"]
    refund = Refund.objects.get()
    assert (refund.amount, refund.reason, refund.payment.order) == (4900, "late", batch[0])
    assert nets(batch) == [0, 2900, 700] and listed(batch) == [True, False, False]


def test_one_that_was_paid_outside_leaves_the_others_their_checkout(stripe, batch, client):
    confirm_outside(order_id=batch[0].pk, actor=Actor("staff", "7"), note="Bank transfer.")
    leave(batch[0])
    checkouts.address(batch[1])
    send(client, stripe.pay(session_of(batch[1])))
    assert nets(batch) == list(PRICES) and not Refund.objects.exists()


@pytest.mark.parametrize("amount", [8499, 8501, 1])
def test_another_sum_than_all_prices_is_held_in_shares_that_add_up(stripe, batch, client, amount):
    stripe.sessions[session_of(batch[0])]["amount_total"] = amount
    assert send(client, stripe.pay(session_of(batch[0]))) == ["mismatch", "already"]
    held = Payment.objects.filter(status="held")
    assert sum(payment.amount for payment in held) == amount and all(payment.amount for payment in held)
    assert {state for state, _ in states(batch)} == {"PENDING_PAYMENT"} and listed(batch) == [True] * 3
    assert not Job.objects.filter(kind="orders.generate_article").exists()


def by_hand(stripe, orders: list[Order], amount: int) -> dict:
    return stripe.refund_by_hand(intent_of(orders[0]), amount)


def test_all_of_the_money_sent_back_at_stripe_ends_all_orders(stripe, paid, client):
    news = event("refund.created", by_hand(stripe, paid, sum(PRICES)))
    assert send(client, [news, event("refund.updated", news["data"]["object"])]) == ["refund", "refund"]
    assert [state for state, _ in states(paid)] == ["CANCELLED"] * 3 and nets(paid) == [0, 0, 0]
    assert sorted(Refund.objects.values_list("amount", flat=True)) == sorted(PRICES)


def test_a_part_sent_back_at_stripe_is_spread_and_staff_look_at_each(stripe, paid, client):
    refund = by_hand(stripe, paid, 850) | {"status": "pending"}
    later = event("refund.updated", refund | {"status": "succeeded"})
    assert send(client, [event("refund.created", refund), later, later]) == ["refund", "refund", "duplicate"]
    assert [row.amount for row in Refund.objects.order_by("-amount")] == [490, 290, 70]
    assert set(Refund.objects.values_list("status", flat=True)) == {"succeeded"}
    assert [state for state, _ in states(paid)] == ["PROCESSING"] * 3 and listed(paid) == [True] * 3
    sums = {"payment_intent": intent_of(paid[0]), "amount_refunded": 850}
    assert send(client, [event("charge.refunded", sums)]) == ["already"]


def test_more_than_all_is_not_believed(stripe, paid, client):
    greedy = by_hand(stripe, paid, 1) | {"amount": sum(PRICES) + 1}
    assert send(client, [event("refund.created", greedy)]) == ["mismatch"]
    assert not Refund.objects.exists() and listed(paid) == [True, False, False]


def test_what_a_bank_takes_back_and_gives_back_is_of_all_shares(stripe, paid, client):
    dispute = {"id": "du_1", "payment_intent": intent_of(paid[0]), "amount": 8500, "currency": "usd"}
    kinds = ["created", "funds_withdrawn", "funds_withdrawn", "funds_reinstated"]
    assert send(client, [event("charge.dispute.created", dispute)]) == ["dispute"]
    assert listed(paid) == [True] * 3 and nets(paid) == list(PRICES)
    send(client, [event(f"charge.dispute.{kind}", dispute) for kind in kinds[1:3]])
    assert nets(paid) == [0, 0, 0] and Refund.objects.filter(reason="dispute").count() == 3
    send(client, [event("charge.dispute.funds_reinstated", dispute)])
    assert nets(paid) == list(PRICES)


def test_other_customers_and_other_currencies_have_a_checkout_of_their_own(stripe):
    orders = make_batch(4900, 2900) + make_batch(4900, email="bea@example.com")
    Order.objects.update(batch=orders[0].batch)
    Payment.objects.update(session_id="", checkout_url="", part=0)
    for order in Order.objects.all():
        checkouts.address(order)
    assert session_of(orders[0]) == session_of(orders[1]) != session_of(orders[2])
    Payment.objects.update(session_id="", checkout_url="", part=0)
    Order.objects.filter(pk=orders[1].pk).update(currency="eur")
    Payment.objects.filter(order=orders[1]).update(currency="eur")
    for order in Order.objects.all():
        checkouts.address(order)
    assert len({session_of(order) for order in orders}) == 3


def test_a_checkout_that_could_not_be_opened_is_opened_for_all_from_the_page_of_any(stripe):
    stripe.faults = ["503"]
    batch = make_batch(*PRICES)
    assert not any(session_of(order) for order in batch)
    assert checkouts.address(batch[2]) == checkouts.address(batch[0]) != ""
    assert len(stripe.sessions) == 1


def test_a_checkout_that_was_opened_meanwhile_without_one_of_the_orders_is_the_one_that_counts(stripe, monkeypatch):
    stripe.faults = ["503"]
    batch, ask = make_batch(*PRICES), Stripe.open_checkout
    slow, quick = (order.payments.get() for order in (batch[0], batch[2]))

    def overtaken(backend: Stripe, payments: list[Payment]):
        monkeypatch.setattr(Stripe, "open_checkout", ask)
        cancelling.cancel(order_id=batch[1].pk, actor=CUSTOMER)
        checkouts.open_now(quick)
        return ask(backend, payments)

    monkeypatch.setattr(Stripe, "open_checkout", overtaken)
    checkouts.open_now(slow)
    assert len(stripe.sessions) == 2 and slow.session_id == quick.session_id == session_of(batch[0])
    assert stripe.sessions[slow.session_id]["amount_total"] == 5600 and session_of(batch[1]) == ""
    assert sorted(Payment.objects.exclude(session_id="").values_list("part", flat=True)) == [0, 1]
