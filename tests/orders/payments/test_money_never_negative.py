"""What was paid less what went back is never below nothing: random lives of a payment, and refunds at one moment."""

import random

import pytest
from django.db import transaction

from orders.actors import SYSTEM
from orders.models import Order, Payment, Refund, RefundStatus
from orders.payments import balance, payouts
from orders.payments.base import ProviderRefused
from orders.payments.confirm import confirm_payment
from orders.payments.refund_events import HANDLERS
from orders.payments.refunds import TooMuch, call_off, request_refund
from orders.payments.settling import mark_paid_out, note_refund
from queues.models import Job
from tests.concurrency import all_at_once
from tests.orders.builders import make_order, make_paid_order, receipt
from tests.orders.payments.paying_back import STRIPE, attempt, news, paid_payment, requested

pytestmark = [pytest.mark.database]
LIVES, STEPS = 12, 25


def any_payment(dice: random.Random, order: Order) -> Payment:
    return dice.choice(list(order.payments.all()))


def any_refund(dice: random.Random, order: Order) -> Refund | None:
    rows = list(Refund.objects.filter(payment__order=order).select_related("payment"))
    return dice.choice(rows) if rows else None


def pay_in(dice, order) -> None:
    changes = {"session_id": "", "intent_id": f"pi_{order.code}_{dice.randrange(3)}"}
    amount = dice.choice([4900, 4900, 100])
    confirm_payment(order_id=order.pk, receipt=receipt(order, **changes, amount=amount), actor=STRIPE)


def ask(dice, order) -> None:
    wish = {"payment": any_payment(dice, order), "reason": "staff", "actor": SYSTEM}
    try:
        request_refund(**wish, amount=dice.choice([None, 1, 700, 2500, 4900, 9999]))
    except TooMuch:
        pass


def pay_out(dice, order) -> None:
    if refund := any_refund(dice, order):
        payouts.pay_out(refund_id=str(refund.pk), job=attempt(refund))


def hear(dice, order) -> None:
    """News of any refund, true or not."""
    payment, ours = any_payment(dice, order), any_refund(dice, order)
    heard = {"provider_id": f"re_{order.code}_{dice.randrange(6)}", "status": dice.choice(list(RefundStatus)[3:])}
    heard["amount"] = dice.choice([1, 700, 2500, 4900, payment.amount])
    if ours and dice.random() < 0.5:
        payment, heard["refund_id"], heard["amount"] = ours.payment, str(ours.pk), ours.amount
    note_refund(payment=payment, news=news(payment, **heard), actor=STRIPE)


def dispute(dice, order) -> None:
    kind = dice.choice(["created", "funds_withdrawn", "funds_reinstated", "closed"])
    content = {"id": f"du_{order.code}_{dice.randrange(2)}", "amount": dice.choice([900, 4900]), "currency": "usd"}
    HANDLERS[f"charge.dispute.{kind}"](any_payment(dice, order), content, STRIPE)


def stop(dice, order) -> None:
    if refund := any_refund(dice, order):
        call_off(refund=refund, actor=SYSTEM)


def by_hand(dice, order) -> None:
    if refund := any_refund(dice, order):
        Refund.objects.filter(pk=refund.pk, status="submitted").update(status="needs_manual")
        mark_paid_out(refund=refund, actor=SYSTEM, note="By bank transfer.")


ACTIONS = [pay_in, ask, ask, pay_out, pay_out, hear, hear, dispute, stop, by_hand]


def assert_sound(order: Order, done: list[str]) -> None:
    for payment in order.payments.all():
        paid, returned = balance.paid(payment), balance.returned(payment)
        assert 0 <= returned <= paid, done
        assert balance.accepted(payment) <= paid, done
        assert 0 <= balance.remaining(payment) <= paid, done
    order.refresh_from_db()
    assert balance.net(order) >= 0, done
    if order.status == "PROCESSING":
        assert balance.net(order) > 0, done


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(LIVES))
def test_no_sequence_of_events_returns_more_than_was_paid(seed):
    dice, order, done = random.Random(seed), make_order(), []
    for _ in range(STEPS):
        action = dice.choice(ACTIONS)
        done.append(action.__name__)
        with transaction.atomic():
            action(dice, order)
        assert_sound(order, done)
    changes = order.events.filter(action__startswith="refund_").count() + order.events.filter(action="dispute").count()
    assert changes or not Refund.objects.exists()


def attempted(order: Order, amount: int) -> str:
    try:
        return "yes" if requested(order, amount) else "nothing left"
    except TooMuch:
        return "no"


@pytest.mark.django_db(transaction=True)
def test_twenty_parts_asked_for_at_once_are_never_more_than_was_paid():
    order = make_paid_order()
    answers = all_at_once([lambda: attempted(order, 400)] * 20)
    assert sorted(answers) == ["no"] * 8 + ["yes"] * 12
    assert balance.remaining(paid_payment(order)) == 100
    assert Job.objects.filter(kind="orders.pay_refund").count() == Refund.objects.count() == 12


@pytest.mark.django_db(transaction=True)
def test_ours_and_the_dashboards_refund_at_once_return_the_money_once():
    order = make_paid_order()
    payment, refund = paid_payment(order), requested(order)
    job = attempt(refund)

    def ours() -> None:
        payouts.pay_out(refund_id=str(refund.pk), job=job)

    def theirs(number: int) -> None:
        note_refund(payment=payment, news=news(payment, provider_id=f"re_{number}"), actor=STRIPE)

    def safely(call) -> None:
        try:
            call()
        except ProviderRefused:
            pass

    all_at_once([lambda: safely(ours)] + [lambda number=number: theirs(number) for number in range(5)])
    assert balance.returned(payment) == 4900
    order.refresh_from_db()
    assert (order.status, balance.net(order)) == ("CANCELLED", 0)
    assert order.events.filter(action="refunded").count() == 1
