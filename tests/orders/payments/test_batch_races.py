"""Orders in one checkout, and everybody at once, on real connections."""

import random

import pytest
from django.db import transaction
from django.test import Client

from orders import cancelling
from orders.actors import CUSTOMER, SYSTEM
from orders.models import Mail, Order, Payment, Refund
from orders.payments import balance, checkouts
from orders.payments.refund_events import HANDLERS
from orders.payments.refunds import TooMuch, request_refund
from orders.payments.shares import split
from orders.payments.spreading import note_news
from orders.transitions import Conflict
from queues.models import Job
from tests.concurrency import all_at_once
from tests.orders.builders import deliver, make_batch, session_event
from tests.orders.payments.paying_back import STRIPE, attempt, news

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
PRICES = (4900, 2900, 700)


def paid_event(batch: list[Order]) -> dict:
    return session_event(batch[0], amount_total=sum(order.amount for order in batch))


def test_twenty_events_about_one_payment_of_three_orders():
    batch = make_batch(*PRICES)
    calls = [lambda: deliver(Client(), paid_event(batch)).json()["outcome"]] * 20
    assert sorted(all_at_once(calls)) == ["already"] * 19 + ["paid"]
    assert Payment.objects.filter(status="confirmed").count() == Payment.objects.count() == 3
    assert Job.objects.filter(kind="orders.generate_article").count() == Mail.objects.count() == 3


def test_paying_for_all_and_cancelling_each_leaves_no_money_without_work_or_refund():
    for _ in range(6):
        batch = make_batch(*PRICES)
        paying = paid_event(batch)

        def cancel(order: Order) -> None:
            try:
                cancelling.cancel(order_id=order.pk, actor=CUSTOMER)
            except Conflict:
                pass

        calls = [lambda order=order: cancel(order) for order in batch]
        all_at_once([*calls, lambda paying=paying: deliver(Client(), paying)])
        for order in batch:
            payment = order.payments.get()
            assert Order.objects.get(pk=order.pk).status == "CANCELLED"
            assert payment.status in ("confirmed", "surplus") and balance.remaining(payment) == 0
            assert payment.refunds.get().amount == order.amount


def test_everybody_who_wants_to_pay_finds_one_checkout():
    batch = make_batch(*PRICES)
    Payment.objects.update(session_id="", part=0)
    found = all_at_once([lambda order=order: checkouts.address(order) for order in batch * 3])
    assert len(set(found)) == 1 and Payment.objects.count() == 3
    assert sorted(Payment.objects.values_list("part", flat=True)) == [0, 1, 2]


LIVES, STEPS = 8, 20


def heard(dice: random.Random, payment: Payment) -> dict:
    ours = list(Refund.objects.filter(payment__intent_id=payment.intent_id))
    told = {"provider_id": f"re_{payment.intent_id}_{dice.randrange(5)}"}
    told["status"] = dice.choice(["pending", "succeeded", "failed", "canceled"])
    told["amount"] = dice.choice([1, 700, 850, 2900, 8500])
    if ours and dice.random() < 0.5:
        one = dice.choice(ours)
        told |= {"refund_id": str(one.pk), "amount": one.amount}
    return told


def step(dice: random.Random, batch: list[Order]) -> None:
    payment = dice.choice(list(Payment.objects.filter(order__in=batch)))
    match dice.randrange(5):
        case 0 | 1:
            note_news(payment=payment, news=news(payment, **heard(dice, payment)), actor=STRIPE)
        case 2:
            kind = dice.choice(["created", "funds_withdrawn", "funds_reinstated"])
            content = {"id": f"du_{batch[0].code}", "amount": dice.choice([900, 8500]), "currency": "usd"}
            HANDLERS[f"charge.dispute.{kind}"](payment, content, STRIPE)
        case 3:
            try:
                request_refund(payment=payment, reason="staff", actor=SYSTEM, amount=dice.choice([None, 1, 700]))
            except TooMuch:
                pass
        case 4:
            from orders.payments import payouts

            if refund := payment.refunds.order_by("?").first():
                payouts.pay_out(refund_id=str(refund.pk), job=attempt(refund))


@pytest.mark.parametrize("seed", range(LIVES))
def test_no_sequence_returns_more_of_a_share_than_was_paid_of_it(seed):
    dice, batch = random.Random(seed), make_batch(*PRICES)
    deliver(Client(), paid_event(batch))
    for _ in range(STEPS):
        with transaction.atomic():
            step(dice, batch)
        for payment in Payment.objects.filter(order__in=batch):
            assert 0 <= balance.returned(payment) <= balance.accepted(payment) <= balance.paid(payment)
            assert 0 <= balance.remaining(payment) <= balance.paid(payment)
    for order in Order.objects.filter(pk__in=[order.pk for order in batch], status="PROCESSING"):
        assert balance.net(order) > 0


def test_shares_add_up_and_none_is_larger_than_its_part():
    dice = random.Random(1)
    for _ in range(2000):
        parts = [dice.randrange(9) for _ in range(dice.randint(1, 6))] + [1]
        amount = dice.randint(0, sum(parts))
        shares = split(amount, parts)
        assert sum(shares) == amount and all(0 <= share <= part for share, part in zip(shares, parts, strict=True))
