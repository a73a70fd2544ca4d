"""One checkout for several orders: each order has a payment of its own, its share, with the same session and intent."""

import uuid

from django.db import connection
from django.db.models import QuerySet

from orders.models import Order, Payment
from orders.transitions import locked


def locked_batch(order_id: uuid.UUID) -> list[Order]:
    """The order and those that were ordered with it, locked until the caller's transaction ends.

    Whoever needs several of them takes them here and first, so that all take them in one order. Raises
    Order.DoesNotExist.
    """
    batch = Order.objects.values_list("batch", flat=True).get(pk=order_id)
    if batch is None or not connection.in_atomic_block:
        return [locked(order_id)]
    rows = Order.objects.select_for_update(of=("self",)).select_related("product", "owner")
    return list(rows.filter(batch=batch).order_by("pk"))


def of_checkout(payment: Payment) -> list[Payment]:
    """All payments of this payment's checkout; itself alone when it has none."""
    return list(_alike(payment, session_id=payment.session_id)) if payment.session_id else [payment]


def of_intent(payment: Payment) -> list[Payment]:
    """All payments that are the same money at the provider."""
    if not payment.intent_id:
        return [payment]
    return list(_alike(payment, intent_id=payment.intent_id).prefetch_related("refunds"))


def split(amount: int, parts: list[int]) -> list[int]:
    """`amount` in proportion to `parts`, in whole units: nothing is lost, and no share of at most their sum is larger
    than its part."""
    total, shares, before, given = sum(parts), [], 0, 0
    for part in parts:
        before += part
        share = amount * before // total - given
        given += share
        shares.append(share)
    return shares


def _alike(payment: Payment, **same: str) -> QuerySet[Payment]:
    rows = Payment.objects.filter(provider=payment.provider, **same).select_related("order__product")
    return rows.order_by("part")
