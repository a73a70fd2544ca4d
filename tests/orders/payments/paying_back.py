"""Refunds for tests, asked for and paid out the way the product does."""

from orders.actors import SYSTEM, Actor
from orders.models import Order, Payment, Refund, RefundStatus
from orders.payments import payouts
from orders.payments.base import RefundNews
from orders.payments.refunds import request_refund
from queues.running import RunningJob
from tests.factories import running_job

STRIPE = Actor("provider", "evt_1")


def paid_payment(order: Order) -> Payment:
    return order.payments.get(status="confirmed")


def requested(order: Order, amount: int | None = None, **fields) -> Refund:
    """A refund of the order's payment that waits to be paid out."""
    wish = {"payment": paid_payment(order), "reason": "staff", "actor": SYSTEM, "amount": amount}
    return request_refund(**wish | fields)


def attempt(refund: Refund) -> RunningJob:
    """A running attempt at the refund's own job."""
    return running_job("orders.pay_refund", {"refund_id": str(refund.pk)}, dedupe_key=f"refund:{refund.pk}")


def paid_out(refund: Refund) -> Refund:
    """The refund after its job has run."""
    payouts.pay_out(refund_id=str(refund.pk), job=attempt(refund))
    refund.refresh_from_db()
    return refund


def news(payment: Payment, **fields) -> RefundNews:
    """What the provider says about a refund of the whole payment; without a `refund_id`, one that was made there."""
    truth = {
        "provider_id": "re_1",
        "status": RefundStatus.SUCCEEDED,
        "amount": payment.amount,
        "currency": payment.currency,
        "intent_id": payment.intent_id,
    }
    return RefundNews(**truth | fields)
