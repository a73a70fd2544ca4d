"""Money that staff decide to send back, whatever the order's state."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from orders.actors import Actor
from orders.limits import may_return
from orders.models import Refund, RefundReason
from orders.money import format_money
from orders.payments import balance
from orders.payments.refunds import TooMuch, request_refund
from orders.transitions import Conflict, locked


@transaction.atomic
def refund(*, order_id: uuid.UUID, staff, amount: int | None = None, note: str = "") -> Refund:
    """Asks for `amount`, or all that is left, of the payment that counts.

    Raises ValidationError for "amount" when that is more than is left or than `staff` may send back, and Conflict when
    there is nothing to send back.
    """
    order = locked(order_id)
    payment = balance.counting(order)
    if not may_return(staff, order, amount):
        most = format_money(settings.REFUND_LIMIT, order.currency)
        raise ValidationError({"amount": [f"More than {most} of one order is for a superuser to send back."]})
    actor = Actor("staff", str(staff.pk))
    try:
        asked = payment and request_refund(
            payment=payment, reason=RefundReason.STAFF, actor=actor, amount=amount, note=note
        )
    except TooMuch as error:
        raise ValidationError({"amount": [f"At most {error.remaining}: no more is left of this payment."]}) from None
    if asked is None:
        raise Conflict("refund", order.status, code="nothing_left", detail="Nothing is left that could be sent back.")
    return asked
