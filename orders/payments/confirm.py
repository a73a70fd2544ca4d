"""The one place that believes a payment. Every door (webhook events of two kinds today) ends here."""

import datetime
import uuid
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from orders import emails, payments
from orders.actors import Actor
from orders.jobs import request_first_version
from orders.models import Order, Payment, PaymentStatus, RefundReason
from orders.payments.base import Receipt
from orders.payments.refunds import request_refund
from orders.states import CancelReason, OrderStatus
from orders.transitions import flag, locked, record, transition

OPEN = (PaymentStatus.CREATED, PaymentStatus.FAILED, PaymentStatus.EXPIRED)


class Outcome(StrEnum):
    """What a payment event led to."""

    PAID = "paid"
    ALREADY = "already"  # this very payment was counted before
    SURPLUS = "surplus"  # money that nobody needs: it goes back
    MISMATCH = "mismatch"  # not what we asked for: staff look
    FAILED = "failed"
    EXPIRED = "expired"
    IGNORED = "ignored"


def confirm_payment(*, order_id: uuid.UUID, receipt: Receipt, actor: Actor) -> Outcome:
    """Counts the payment and starts the work, once, however often and from wherever it is called.

    Raises Order.DoesNotExist.
    """
    with transaction.atomic():
        order = locked(order_id)
        payment = _payment_of(order, receipt)
        if payment and payment.status in (PaymentStatus.CONFIRMED, PaymentStatus.SURPLUS):
            return Outcome.ALREADY
        if problem := _mismatch(order, receipt):
            record(order, "payment_mismatch", actor=actor, note=problem)
            flag(order, problem)
            return Outcome.MISMATCH
        payment = payment or Payment(order=order, provider=payments.backend().name)
        payment.amount, payment.currency = receipt.amount, receipt.currency
        payment.intent_id = receipt.intent_id or payment.intent_id
        payment.confirmed_at = timezone.now()
        if _awaits_payment(order):
            _accept(order, payment, actor)
            return Outcome.PAID
        _send_back(order, payment, actor)
        return Outcome.SURPLUS


def _payment_of(order: Order, receipt: Receipt) -> Payment | None:
    """The order's row that the receipt speaks of: by intent, by session, else the order's open checkout."""
    rows = list(order.payments.all())
    for row in rows:
        if receipt.intent_id and row.intent_id == receipt.intent_id:
            return row
    if not receipt.session_id:
        return next((row for row in rows if row.status in OPEN and not row.intent_id), None)
    row = next((row for row in rows if row.session_id == receipt.session_id), None)
    is_other_money = row and row.status not in OPEN and row.intent_id and receipt.intent_id
    return None if is_other_money else row


def _mismatch(order: Order, receipt: Receipt) -> str:
    """Why this money cannot pay for this order, or an empty text."""
    if (receipt.amount, receipt.currency) != (order.amount, order.currency):
        return f"Paid {receipt.amount} {receipt.currency}, but the price is {order.amount} {order.currency}."
    if receipt.livemode != payments.backend().livemode:
        return f"A payment with livemode={receipt.livemode} came to the {payments.backend().name} backend."
    if receipt.session_id and not order.payments.filter(session_id=receipt.session_id).exists():
        return f"Checkout {receipt.session_id} is not this order's."
    if receipt.intent_id and Payment.objects.exclude(order=order).filter(intent_id=receipt.intent_id).exists():
        return f"Payment {receipt.intent_id} belongs to another order."
    return ""


def _awaits_payment(order: Order) -> bool:
    expired = order.status == OrderStatus.CANCELLED and order.cancel_reason == CancelReason.PAYMENT_EXPIRED
    return order.status == OrderStatus.PENDING_PAYMENT or expired


def _accept(order: Order, payment: Payment, actor: Actor) -> None:
    payment.status, payment.failure = PaymentStatus.CONFIRMED, ""
    payment.save()
    job = request_first_version(order)
    order = transition(
        order_id=order.pk,
        action="payment_confirmed",
        actor=actor,
        paid_at=payment.confirmed_at,
        due_at=payment.confirmed_at + datetime.timedelta(hours=order.product.delivery_hours),
        current_job=job.pk,
    )
    emails.order_paid(order, payment)


def _send_back(order: Order, payment: Payment, actor: Actor) -> None:
    paid = order.payments.filter(status=PaymentStatus.CONFIRMED).exists()
    payment.status = PaymentStatus.SURPLUS
    payment.save()
    request_refund(payment=payment, reason=RefundReason.DUPLICATE if paid else RefundReason.LATE, actor=actor)
    flag(order, "A payment came that was not needed; its refund is requested.")
