"""The one place that believes a payment. Every door ends here: events, a look at the provider, staff."""

import datetime
import uuid
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from orders import emails, payments
from orders.actors import Actor
from orders.jobs import request_first_versions
from orders.models import Order, Payment, PaymentStatus, RefundReason
from orders.models.payment import ARRIVED
from orders.notes import check_notes
from orders.payments import balance, checkouts
from orders.payments.base import Receipt
from orders.payments.refunds import request_refund
from orders.payments.shares import locked_batch, of_checkout, split
from orders.states import CancelReason, OrderStatus
from orders.transitions import flag, locked, record, transition

CURRENCY_LENGTH = 3


class Outcome(StrEnum):
    """What news of money led to."""

    PAID = "paid"
    ALREADY = "already"  # this very payment was counted before
    SURPLUS = "surplus"  # money that nobody needs: it goes back
    MISMATCH = "mismatch"  # not what we asked for: staff look
    FAILED = "failed"
    EXPIRED = "expired"
    REFUND = "refund"
    CHECKING = "checking"  # a job compares our books with the provider's
    DISPUTE = "dispute"
    IGNORED = "ignored"


def confirm_payment(*, order_id: uuid.UUID, receipt: Receipt, actor: Actor, note: str = "") -> Outcome:
    """Counts the payment and starts the work, once, however often and from wherever it is called.

    Raises Order.DoesNotExist.
    """
    with transaction.atomic():
        orders = {order.pk: order for order in locked_batch(order_id)}
        order, provider = orders[order_id], receipt.provider or payments.backend().name
        payment = _payment_of(order, receipt, provider)
        if payment and any(share.status in ARRIVED for share in of_checkout(payment)):
            return Outcome.ALREADY
        if problem := _not_ours(orders, order, receipt, provider):
            return _mismatch(order, problem, actor)
        shares = _shares(order, payment, receipt, provider)
        for share in shares:
            share.order = orders[share.order_id]
        if (receipt.amount, receipt.currency) != (sum(share.order.amount for share in shares), order.currency):
            return _hold(shares, receipt, actor)
        return _count(shares, receipt, actor, note)


def confirm_outside(*, order_id: uuid.UUID, actor: Actor, note: str) -> Outcome:
    """Staff saw the price arrive in another way, a bank transfer say. Counts once per order; `note` says how it came.

    Raises Order.DoesNotExist, and ValidationError for "notes".
    """
    note = check_notes(note, shortest=1)
    order = Order.objects.get(pk=order_id)
    receipt = Receipt(
        intent_id=f"outside-{order.pk}",
        session_id="",
        amount=order.amount,
        currency=order.currency,
        livemode=True,
        provider=payments.OUTSIDE,
    )
    return confirm_payment(order_id=order.pk, receipt=receipt, actor=actor, note=note)


@transaction.atomic
def accept_held(*, payment: Payment, actor: Actor, note: str) -> bool:
    """Staff take a payment of another sum for the price. False when it is not held, or some of it goes back, or the
    order does not wait for money. Raises ValidationError for "notes"."""
    note = check_notes(note, shortest=1)
    order = locked(payment.order_id)
    payment.refresh_from_db()
    is_whole = balance.remaining(payment) == payment.amount
    if payment.status != PaymentStatus.HELD or not is_whole or not awaits_payment(order):
        return False
    payment.order = order
    _accept([payment], actor, note)
    return True


def _payment_of(order: Order, receipt: Receipt, provider: str) -> Payment | None:
    """The order's row that the receipt speaks of: by intent, by session or our own id, else the open checkout."""
    rows = [row for row in order.payments.all() if row.provider == provider]
    for row in rows:
        if receipt.intent_id and row.intent_id == receipt.intent_id:
            return row
    by_id = next((row for row in rows if str(row.pk) == receipt.payment_id), None)
    if not receipt.session_id and by_id is None:
        is_open = (row for row in rows if row.status not in ARRIVED and not row.intent_id)
        return next(is_open, None)
    row = next((row for row in rows if receipt.session_id and row.session_id == receipt.session_id), by_id)
    is_other_money = row and row.status in ARRIVED and row.intent_id and receipt.intent_id
    return None if is_other_money else row


def _shares(order: Order, payment: Payment | None, receipt: Receipt, provider: str) -> list[Payment]:
    """The rows that the money is counted in: those of its checkout, or new ones for money that came beside them."""
    if payment:
        return of_checkout(payment)
    paid_twice = order.payments.filter(provider=provider, session_id=receipt.session_id).exclude(session_id="").first()
    if paid_twice is None:
        return [Payment(order=order, provider=provider)]
    return [Payment(order=row.order, provider=provider, part=row.part) for row in of_checkout(paid_twice)]


def _count(shares: list[Payment], receipt: Receipt, actor: Actor, note: str) -> Outcome:
    """The share of each order starts its work or goes back."""
    for share in shares:
        _take(share, receipt, share.order.amount)
    needed = [share for share in shares if awaits_payment(share.order)]
    _accept(needed, actor, note)
    for share in shares:
        if share not in needed:
            _send_back(share.order, share, actor)
    return Outcome.PAID if needed else Outcome.SURPLUS


def _take(payment: Payment, receipt: Receipt, amount: int) -> None:
    payment.amount, payment.currency = amount, receipt.currency
    payment.intent_id = receipt.intent_id or payment.intent_id
    payment.confirmed_at = timezone.now()


def _hold(shares: list[Payment], receipt: Receipt, actor: Actor) -> Outcome:
    """Another sum than the price is kept for staff, if it is a sum at all; of several orders, each gets its share."""
    prices = [share.order.amount for share in shares]
    currency = shares[0].order.currency
    wrong = f"Paid {receipt.amount} {receipt.currency}, but the price is {sum(prices)} {currency}."
    for share, amount in zip(shares, split(receipt.amount, prices), strict=True):
        if receipt.amount and len(receipt.currency) == CURRENCY_LENGTH:
            share.status = PaymentStatus.HELD if amount else PaymentStatus.EXPIRED
            if amount:
                _take(share, receipt, amount)
            share.save()
        _mismatch(share.order, wrong, actor)
    return Outcome.MISMATCH


def _mismatch(order: Order, problem: str, actor: Actor) -> Outcome:
    record(order, "payment_mismatch", actor=actor, note=problem)
    flag(order, problem)
    return Outcome.MISMATCH


def _not_ours(orders: dict[uuid.UUID, Order], order: Order, receipt: Receipt, provider: str) -> str:
    """Why this money is not of the checkouts of `order`, or an empty text; `orders` may share one with it."""
    if provider != payments.OUTSIDE and receipt.livemode != payments.backend(provider).livemode:
        return f"A payment with livemode={receipt.livemode} came to the {provider} backend."
    if receipt.session_id and not order.payments.filter(session_id=receipt.session_id).exists():
        return f"Checkout {receipt.session_id} is not this order's."
    if receipt.intent_id and Payment.objects.exclude(order__in=orders).filter(intent_id=receipt.intent_id).exists():
        return f"Payment {receipt.intent_id} belongs to another order."
    return ""


def awaits_payment(order: Order) -> bool:
    if order.is_erased:
        return False
    expired = order.status == OrderStatus.CANCELLED and order.cancel_reason == CancelReason.PAYMENT_EXPIRED
    return order.status == OrderStatus.PENDING_PAYMENT or expired


def _accept(shares: list[Payment], actor: Actor, note: str) -> None:
    """Each pays for its order. The webhook of a large batch ends here: what all need is asked for once."""
    for payment in shares:
        payment.status, payment.failure = PaymentStatus.CONFIRMED, ""
        payment.save()
    orders = [payment.order for payment in shares]
    checkouts.close_all(*orders)
    jobs = request_first_versions(orders)
    for payment, order in zip(shares, orders, strict=True):
        payment.order = transition(
            order_id=order.pk,
            action="payment_confirmed",
            actor=actor,
            note=note,
            paid_at=payment.confirmed_at,
            due_at=payment.confirmed_at + datetime.timedelta(hours=order.product.delivery_hours),
            current_job=jobs[order.pk].pk,
        )
    emails.order_paid(*shares)


def _send_back(order: Order, payment: Payment, actor: Actor) -> None:
    paid = order.payments.filter(status=PaymentStatus.CONFIRMED).exists()
    payment.status = PaymentStatus.SURPLUS
    payment.save()
    request_refund(payment=payment, reason=RefundReason.DUPLICATE if paid else RefundReason.LATE, actor=actor)
    flag(order, "A payment came that was not needed; its refund is requested.")
