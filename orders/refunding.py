"""Money that staff decide to send back, whatever the order's state, and what they do about a refund by hand."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from orders.actors import Actor
from orders.limits import may_return
from orders.models import Order, Payment, PaymentStatus, Refund, RefundReason, RefundStatus
from orders.money import format_money
from orders.notes import check_notes
from orders.payments import balance, refunds, settling
from orders.payments.refunds import TooMuch, request_refund
from orders.transitions import Conflict, locked


def refundable(order: Order) -> list[Payment]:
    """The order's payments of which something is left to send back; the one that counts comes first."""
    left = [payment for payment in order.payments.prefetch_related("refunds") if balance.remaining(payment)]
    return sorted(left, key=lambda payment: payment.status != PaymentStatus.CONFIRMED)


def can_be_called_off(order: Order) -> list[Refund]:
    """The order's refunds of which nothing was sent."""
    return _those(order, *refunds.UNSENT)


def can_be_paid_by_hand(order: Order) -> list[Refund]:
    """The order's refunds that no provider pays out."""
    return _those(order, RefundStatus.NEEDS_MANUAL)


def _those(order: Order, *states: RefundStatus) -> list[Refund]:
    return list(Refund.objects.filter(payment__order=order, status__in=states).select_related("payment"))


@transaction.atomic
def refund(
    *, order_id: uuid.UUID, staff, amount: int | None = None, note: str = "", payment_id: uuid.UUID | None = None
) -> Refund:
    """Asks for `amount`, or all that is left, of one payment of the order: the first that refundable() names, unless
    `payment_id` says which.

    Raises ValidationError for "amount" when that is more than is left or than `staff` may send back, and Conflict when
    there is nothing to send back.
    """
    order = locked(order_id)
    found = (row for row in refundable(order) if payment_id is None or str(row.pk) == str(payment_id))
    payment = next(found, None)
    if payment is None:
        raise Conflict("refund", order.status, code="nothing_left", detail="Nothing is left that could be sent back.")
    if not may_return(staff, payment, amount):
        most = format_money(settings.REFUND_LIMIT, payment.currency)
        raise ValidationError({"amount": [f"More than {most} of one order is for a superuser to send back."]})
    note = check_notes(note, shortest=0)
    try:
        return request_refund(payment=payment, reason=RefundReason.STAFF, actor=_actor(staff), amount=amount, note=note)
    except TooMuch as error:
        raise ValidationError({"amount": [f"At most {error.remaining}: no more is left of this payment."]}) from None


@transaction.atomic
def mark_paid_out(*, order_id: uuid.UUID, refund_id: uuid.UUID, staff, note: str) -> Refund:
    """Staff have sent the money back by hand; `note` says how. Raises ValidationError for "notes", and Conflict."""
    note, found = check_notes(note, shortest=1), _of(order_id, refund_id)
    if found is None or not settling.mark_paid_out(refund=found, actor=_actor(staff), note=note):
        raise _too_late("mark_paid_out", order_id, "This refund does not wait for somebody to send it by hand.")
    return found


@transaction.atomic
def call_off(*, order_id: uuid.UUID, refund_id: uuid.UUID, staff, note: str) -> Refund:
    """No money goes back by this refund; `note` says why. Raises ValidationError for "notes", and Conflict."""
    note, found = check_notes(note, shortest=1), _of(order_id, refund_id)
    if found is None or not refunds.call_off(refund=found, actor=_actor(staff), note=note):
        raise _too_late("call_off", order_id, "The provider may have been asked for this refund already.")
    return found


def _of(order_id: uuid.UUID, refund_id: uuid.UUID) -> Refund | None:
    locked(order_id)
    return Refund.objects.filter(pk=refund_id, payment__order=order_id).select_related("payment").first()


def _too_late(action: str, order_id: uuid.UUID, detail: str) -> Conflict:
    return Conflict(action, locked(order_id).status, code="refund_moved", detail=detail)


def _actor(staff) -> Actor:
    return Actor("staff", str(staff.pk))
