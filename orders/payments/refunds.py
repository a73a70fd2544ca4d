"""Asking for money to go back. It is paid out by a job (payouts.py); what came of it is noted in settling.py."""

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from orders.actors import Actor
from orders.models import Order, Payment, Refund, RefundReason, RefundStatus
from orders.payments import BACKENDS, balance
from orders.transitions import flag, locked, record
from queues.models import Job
from queues.services import enqueue

# Nothing was sent, and no provider has been asked.
UNSENT = (RefundStatus.REQUESTED, RefundStatus.NEEDS_MANUAL)


class TooMuch(Exception):
    """More was asked back than is left of the payment; `remaining` is what is left."""

    def __init__(self, remaining: int):
        super().__init__(f"Only {remaining} of this payment can still be refunded.")
        self.remaining = remaining


@transaction.atomic
def request_refund(
    *, payment: Payment, reason: RefundReason, actor: Actor, amount: int | None = None, note: str = ""
) -> Refund | None:
    """Writes down that `amount` of the payment, or all that is left, goes back, and asks for it to be paid out.

    Row and job are one transaction, the caller's if there is one. None when all was asked for and nothing is left;
    raises TooMuch when `amount` is more than is left, and nothing is stored.
    """
    order = locked(payment.order_id)
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
    left = balance.remaining(payment)
    if amount is None and not left:
        return None
    wanted = left if amount is None else amount
    if not 0 < wanted <= left:
        raise TooMuch(left)
    refund = Refund(payment=payment, reason=reason, amount=wanted, not_before=_earliest(reason))
    has_door = payment.provider in BACKENDS and payment.intent_id
    refund.status = RefundStatus.REQUESTED if has_door else RefundStatus.NEEDS_MANUAL
    refund.save()
    data = {"refund": str(refund.pk), "reason": str(reason), "amount": wanted}
    record(order, "refund_requested", actor=actor, note=note, data=data)
    if has_door:
        ask_for_payout(refund, order)
    else:
        flag(order, f"Send {refund.amount_text} back by hand: this payment came in no checkout of ours.")
    return refund


def _earliest(reason: str) -> datetime.datetime:
    # The grace is for orders that failed: staff may still put them back in line.
    grace = settings.REFUND_GRACE if reason == RefundReason.ORDER_FAILED else 0
    return timezone.now() + datetime.timedelta(seconds=grace)


def ask_for_payout(refund: Refund, order: Order) -> Job:
    """Asks for the job that pays it out; while one is open, for no second one."""
    return enqueue(
        "orders.pay_refund",
        args={"refund_id": str(refund.pk)},
        dedupe_key=f"refund:{refund.pk}",
        subject=order,
        run_at=refund.not_before if refund.not_before > timezone.now() else None,
    )


@transaction.atomic
def call_off(*, refund: Refund, actor: Actor, note: str = "") -> bool:
    """Calls the refund off. False when it is too late for that: the provider may have been asked."""
    order = locked(refund.payment.order_id)
    changed = Refund.objects.filter(pk=refund.pk, status__in=UNSENT).update(
        status=RefundStatus.CANCELED, settled_at=timezone.now()
    )
    if changed:
        record(order, "refund_canceled", actor=actor, note=note, data={"refund": str(refund.pk)})
    return bool(changed)


@transaction.atomic
def call_off_all(*, order: Order, actor: Actor, note: str = "") -> bool:
    """Calls off every refund of the order that is not over. False, changing nothing, when one cannot be."""
    locked(order.pk)
    refunds = Refund.objects.filter(payment__order=order).exclude(status=RefundStatus.CANCELED)
    unsent = [refund for refund in refunds if refund.status != RefundStatus.FAILED]
    if any(refund.status not in UNSENT for refund in unsent):
        return False
    return all(call_off(refund=refund, actor=actor, note=note) for refund in unsent)
