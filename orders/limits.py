"""How much money staff may send back: settings.REFUND_LIMIT of one order, and superusers any sum."""

from django.conf import settings

from orders.models import Order
from orders.payments import balance


def may_return(staff, order: Order, amount: int | None = None) -> bool:
    """Whether `staff` may let `amount` more, or all that is left, of the order's money go back.

    What went back before counts too, or many small refunds would be no limit.
    """
    if not settings.REFUND_LIMIT or staff.is_superuser:
        return True
    payment = balance.counting(order)
    if payment is None:
        return True
    before = balance.paid(payment) - balance.remaining(payment)
    return before + (balance.remaining(payment) if amount is None else amount) <= settings.REFUND_LIMIT
