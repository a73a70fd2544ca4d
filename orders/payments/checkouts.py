"""Checkouts at the payment provider: opened for an order, closed when nobody should pay there any more."""

import logging
import uuid

from django.db import connection, transaction
from django.db.models import QuerySet

from orders import payments
from orders.actors import SYSTEM, Actor
from orders.models import Order, Payment, PaymentStatus
from orders.models.payment import PAYABLE
from orders.payments.base import Checkout, ProviderAway, ProviderRefused
from orders.payments.shares import locked_batch, of_checkout
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
    shares = _paid_together(payment)
    if payment in shares:  # else its order does not wait for money any more, or another order opened it
        _keep(payments.backend(payment.provider).open_checkout(shares), shares)
    payment.refresh_from_db(fields=["part", "session_id", "checkout_url"])


@transaction.atomic
def _keep(checkout: Checkout, shares: list[Payment]) -> None:
    """Writes the open checkout down, unless somebody was quicker, perhaps with others of the orders: then nobody hears
    of this one."""
    locked_batch(shares[0].order_id)
    if Payment.objects.filter(pk__in=[share.pk for share in shares], session_id="").count() < len(shares):
        return
    for part, share in enumerate(shares):
        share.part, share.session_id, share.checkout_url = part, checkout.session_id, checkout.url
    Payment.objects.bulk_update(shares, ["part", "session_id", "checkout_url"])


def _paid_together(payment: Payment) -> list[Payment]:
    """The payments that one checkout is opened for: of all `together()` that have none."""
    if payment.order.batch is None:
        return [payment]
    waiting = Payment.objects.filter(
        order__in=together(payment.order), provider=payment.provider, status__in=PAYABLE, session_id=""
    )
    return list(waiting.select_related("order__product").order_by("order__created_at", "order"))


def together(order: Order) -> QuerySet[Order]:
    """The orders that are paid in one checkout with this one: those of its batch that wait for the same customer's
    money, itself included, the first ordered first."""
    alike = {"batch": order.batch, "email": order.email, "currency": order.currency}
    found = Order.objects.filter(**alike) if order.batch else Order.objects.filter(pk=order.pk)
    return found.filter(status=OrderStatus.PENDING_PAYMENT).order_by("created_at", "pk")


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
        waiting = [each for each in locked_batch(order.pk) if each.status == OrderStatus.PENDING_PAYMENT]
        found = {each.pk: payable(each) or new_payment(each) for each in waiting}
        if order.pk not in found:
            return ""
        payment = found[order.pk]
    if not payment.session_id and not open_for(payment):
        return ""
    return payments.backend(payment.provider).checkout_url(payment)


@transaction.atomic
def expired(*, order_id: uuid.UUID, session_id: str, actor: Actor) -> bool:
    """The provider closed this checkout unpaid. Whether the order is over by that: it is when no other is open."""
    orders = locked_batch(order_id)
    in_it = {"order__in": orders} if session_id else {"order": order_id}
    shares = Payment.objects.filter(session_id=session_id, **in_it)
    shares.filter(status__in=PAYABLE).update(status=PaymentStatus.EXPIRED)
    concerned = {order_id, *shares.values_list("order", flat=True)}
    over = [
        order
        for order in orders
        if order.pk in concerned and order.status == OrderStatus.PENDING_PAYMENT and not payable(order)
    ]
    for order in over:
        expire_payment(order_id=order.pk, actor=actor)
    return bool(over)


def close_all(*orders: Order) -> None:
    """Nobody shall pay for these orders any more, inside the caller's transaction. Money that comes all the same is
    sent back. A job closes the checkouts at the provider."""
    for payment in Payment.objects.filter(order__in=orders, status__in=PAYABLE).select_related("order"):
        payment.status = PaymentStatus.EXPIRED
        payment.save(update_fields=["status"])
        if payment.checkout_url or len(of_checkout(payment)) > 1:
            args = {"payment_id": str(payment.pk)}
            enqueue("orders.close_checkout", args=args, dedupe_key=f"close:{payment.pk}", subject=payment.order)


@transaction.atomic
def part_from(payment: Payment) -> None:
    """Its order does not need its checkout any more: what others had to pay there, they can pay in another one, which
    opens when somebody wants to pay."""
    locked_batch(payment.order_id)
    for share in of_checkout(payment):
        if share.status in PAYABLE and share.order.status == OrderStatus.PENDING_PAYMENT:
            Payment.objects.filter(pk=share.pk).update(status=PaymentStatus.EXPIRED)
            new_payment(share.order)
            note = f"Order {payment.order.code} left the checkout, so it is paid in another one."
            record(share.order, "checkout_left", actor=SYSTEM, note=note)


def new_payment(order: Order) -> Payment:
    """A payment of the order's price that has no checkout yet."""
    return Payment.objects.create(
        order=order, provider=payments.backend().name, amount=order.amount, currency=order.currency
    )


@transaction.atomic
def expire_payment(*, order_id: uuid.UUID, actor: Actor) -> Order:
    """Cancels one unpaid order and its payments. Raises Conflict when it is paid or over."""
    order = transition(
        order_id=order_id, action="payment_expired", actor=actor, cancel_reason=CancelReason.PAYMENT_EXPIRED
    )
    order.payments.filter(status__in=PAYABLE).update(status=PaymentStatus.EXPIRED)
    return order
