"""Staff have the payment provider asked about an order, when an event may have been lost."""

import uuid

from django.db import transaction

from orders.actors import Actor
from orders.models import Order, Payment, RefundStatus
from orders.models.payment import PAYABLE
from orders.payments import BACKENDS, checkouts
from orders.payments.refunds import ask_for_payout
from orders.transitions import Conflict, locked, record

UNCERTAIN = (RefundStatus.SUBMITTED, RefundStatus.NEEDS_MANUAL)


def can_be_asked(order: Order) -> bool:
    """Whether there is anything that a provider could know better than we do."""
    return any(_is_open(payment) or _unsent(payment) for payment in order.payments.all())


@transaction.atomic
def ask(*, order_id: uuid.UUID, staff) -> None:
    """Asks for the jobs that look at the provider. Raises Conflict when nothing is open there."""
    order = locked(order_id)
    if not can_be_asked(order):
        raise Conflict("recheck", order.status, code="nothing_open", detail="Nothing is open at a payment provider.")
    checkouts.ask_for_check(order)
    for payment in order.payments.all():
        for refund in _unsent(payment):
            ask_for_payout(refund, order)
    record(order, "recheck_asked", actor=Actor("staff", str(staff.pk)))


def _is_open(payment: Payment) -> bool:
    return payment.status in PAYABLE and bool(payment.checkout_url)


def _unsent(payment: Payment) -> list:
    """Refunds whose job asks the provider for the refund with our mark before it makes one."""
    has_door = payment.provider in BACKENDS and payment.intent_id
    return [refund for refund in payment.refunds.all() if has_door and refund.status in UNCERTAIN]
