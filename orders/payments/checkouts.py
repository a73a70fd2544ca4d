"""Checkouts at the payment provider: opened for an order, closed when nobody should pay there any more."""

import logging
import uuid

from django.db import connection, transaction

from orders import payments
from orders.actors import SYSTEM, Actor
from orders.models import Order, Payment, PaymentStatus
from orders.models.payment import PAYABLE
from orders.payments.base import ProviderAway, ProviderRefused
from orders.states import CancelReason, OrderStatus
from orders.transitions import flag, locked, record, transition
from queues.services import enqueue

logger = logging.getLogger(__name__)


def open_for(payment: Payment) -> bool:
    """Opens the payment's checkout: now, or by a job when that means asking the provider inside a transaction.

    False while there is none. The order is kept then, and its page offers to pay all the same.
    """
    if connection.in_atomic_block and payments.backend(payment.provider).remote:
        args = {"payment_id": str(payment.pk)}
        enqueue("orders.open_checkout", args=args, dedupe_key=f"open:{payment.pk}", subject=payment.order)
        return False
    try:
        open_now(payment)
    except (ProviderAway, ProviderRefused) as error:
        logger.warning("No checkout for order %s: %s", payment.order_id, error)
        with transaction.atomic():
            order = locked(payment.order_id)
            record(order, "checkout_failed", actor=SYSTEM, note=str(error))
            flag(order, f"Its checkout could not be opened: {error}")
        return False
    return True


def open_now(payment: Payment) -> None:
    """Opens the payment's checkout unless it has one. Raises ProviderAway and ProviderRefused."""
    if payment.session_id or payment.status not in PAYABLE:
        return
    checkout = payments.backend(payment.provider).open_checkout(payment)
    payment.session_id, payment.checkout_url = checkout.session_id, checkout.url
    payment.save(update_fields=["session_id", "checkout_url"])


def payable(order: Order) -> Payment | None:
    """The payment that the customer can still make."""
    return order.payments.filter(status__in=PAYABLE).last()


def open_address(order: Order) -> str:
    """The address of the checkout that is open for the order; empty when there is none."""
    payment = payable(order)
    return payments.backend(payment.provider).checkout_url(payment) if payment else ""


def ask_for_check(order: Order) -> None:
    """Asks for the job that looks at the provider whether the order was paid."""
    payment = payable(order)
    if payment and payment.checkout_url:
        args = {"payment_id": str(payment.pk)}
        enqueue("orders.check_payment", args=args, dedupe_key=f"check:{payment.pk}", subject=order)


def address(order: Order) -> str:
    """Where the order can be paid, opening a checkout if it has none; empty when it cannot be paid now.

    Asks the provider, so never inside a transaction.
    """
    with transaction.atomic():
        order = locked(order.pk)
        if order.status != OrderStatus.PENDING_PAYMENT:
            return ""
        payment = payable(order) or Payment.objects.create(
            order=order, provider=payments.backend().name, amount=order.amount, currency=order.currency
        )
    if not payment.session_id and not open_for(payment):
        return ""
    return payments.backend(payment.provider).checkout_url(payment)


@transaction.atomic
def expired(*, order_id: uuid.UUID, session_id: str, actor: Actor) -> bool:
    """The provider closed this checkout unpaid. Whether the order is over by that: it is when no other is open."""
    order = locked(order_id)
    order.payments.filter(session_id=session_id, status__in=PAYABLE).update(status=PaymentStatus.EXPIRED)
    if order.status != OrderStatus.PENDING_PAYMENT or payable(order):
        return False
    expire_payment(order_id=order_id, actor=actor)
    return True


def close_all(order: Order) -> None:
    """Nobody shall pay for this order any more, inside the caller's transaction. Money that comes all the same is
    sent back. A job closes the checkouts at the provider."""
    for payment in order.payments.filter(status__in=PAYABLE):
        payment.status = PaymentStatus.EXPIRED
        payment.save(update_fields=["status"])
        if payment.checkout_url:
            args = {"payment_id": str(payment.pk)}
            enqueue("orders.close_checkout", args=args, dedupe_key=f"close:{payment.pk}", subject=order)


@transaction.atomic
def expire_payment(*, order_id: uuid.UUID, actor: Actor) -> Order:
    """Cancels one unpaid order and its payments. Raises Conflict when it is paid or over."""
    order = transition(
        order_id=order_id, action="payment_expired", actor=actor, cancel_reason=CancelReason.PAYMENT_EXPIRED
    )
    order.payments.filter(status__in=PAYABLE).update(status=PaymentStatus.EXPIRED)
    return order
