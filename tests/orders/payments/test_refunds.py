"""Asking for money to go back: a row and a job in one transaction, and never more than was paid."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone

from orders.actors import SYSTEM
from orders.models import Refund
from orders.payments import balance
from orders.payments.refunds import TooMuch, call_off, call_off_all, request_refund
from queues.models import Job
from tests.orders.builders import make_order, make_paid_order
from tests.orders.payments.paying_back import paid_out, paid_payment, requested

pytestmark = pytest.mark.django_db


def refund_jobs() -> list[Job]:
    return list(Job.objects.filter(kind="orders.pay_refund"))


def test_a_refund_is_a_row_and_a_job():
    order = make_paid_order()
    refund = requested(order)
    job = refund_jobs()[0]
    assert (refund.status, refund.amount, refund.provider_id) == ("requested", 4900, "")
    assert (job.args, job.queue, job.subject_id) == ({"refund_id": str(refund.pk)}, "refunds", str(order.pk))
    event = order.events.last()
    assert (event.action, event.data) == (
        "refund_requested",
        {"refund": str(refund.pk), "reason": "staff", "amount": 4900},
    )
    order.refresh_from_db()
    assert (order.status, order.needs_attention) == ("PROCESSING", False)


def test_row_and_job_are_gone_when_the_caller_changes_its_mind():
    order = make_paid_order()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        requested(order)
        raise ZeroDivisionError
    assert not Refund.objects.exists()
    assert not refund_jobs()


def test_parts_can_go_back_until_nothing_is_left():
    order = make_paid_order()
    assert [requested(order, amount).amount for amount in (1000, 3000, None)] == [1000, 3000, 900]
    assert balance.remaining(paid_payment(order)) == 0
    assert requested(order) is None
    assert len(refund_jobs()) == Refund.objects.count() == 3


@pytest.mark.parametrize("amount", [0, -1, 4901, 3901])
def test_more_than_is_left_is_refused(amount):
    order = make_paid_order()
    if amount == 3901:
        requested(order, 1000)
    before = Refund.objects.count()
    with pytest.raises(TooMuch):
        requested(order, amount)
    assert (Refund.objects.count(), len(refund_jobs())) == (before, before)


def test_money_that_never_arrived_cannot_go_back():
    payment = make_order().payments.get()
    assert request_refund(payment=payment, reason="staff", actor=SYSTEM) is None
    with pytest.raises(TooMuch):
        request_refund(payment=payment, reason="staff", actor=SYSTEM, amount=1)
    assert not Refund.objects.exists()


def test_a_failed_orders_refund_waits_for_the_grace_and_no_other_does(settings):
    settings.REFUND_GRACE = 600
    order = make_paid_order()
    failed, other = requested(order, 100, reason="order_failed"), requested(order, 100)
    job, at_once = (job for job in sorted(refund_jobs(), key=lambda job: job.state))
    assert failed.not_before > timezone.now() + datetime.timedelta(seconds=500) > other.not_before
    assert (job.state, job.run_at, at_once.state) == ("delayed", failed.not_before, "waiting")


def test_a_refund_that_was_not_sent_can_be_called_off_and_frees_its_money():
    order = make_paid_order()
    refund = requested(order)
    assert call_off(refund=refund, actor=SYSTEM, note="A mistake.") is True
    assert call_off(refund=refund, actor=SYSTEM) is False
    assert balance.remaining(paid_payment(order)) == 4900
    assert [event.action for event in order.events.all()][-2:] == ["refund_requested", "refund_canceled"]
    assert paid_out(refund).status == "canceled"


def test_a_refund_that_was_sent_cannot_be_called_off():
    order = make_paid_order()
    refund = paid_out(requested(order))
    assert call_off(refund=refund, actor=SYSTEM) is False
    refund.refresh_from_db()
    assert refund.status == "succeeded"


def test_all_refunds_of_an_order_are_called_off_or_none():
    order = make_paid_order()
    first, second = requested(order, 100), requested(order, 200)
    paid_out(second)
    assert call_off_all(order=order, actor=SYSTEM) is False
    first.refresh_from_db()
    assert first.status == "requested"
    other = make_paid_order()
    requested(other, 100), requested(other)
    assert call_off_all(order=other, actor=SYSTEM) is True
    assert balance.remaining(paid_payment(other)) == 4900
    assert call_off_all(order=other, actor=SYSTEM) is True


def test_a_payment_without_a_provider_is_sent_back_by_hand():
    order = make_paid_order()
    order.payments.update(provider="outside")
    refund = requested(order)
    order.refresh_from_db()
    assert (refund.status, order.needs_attention) == ("needs_manual", True)
    assert not refund_jobs()
