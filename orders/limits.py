"""How much money staff may send back: settings.REFUND_LIMIT of one payment, and superusers any sum."""

from django.conf import settings

from orders.models import Payment
from orders.payments import balance


def may_return(staff, payment: Payment, amount: int | None = None) -> bool:
    """Whether `staff` may let `amount` more, or all that is left, of the payment go back.

    What went back before counts too, or many small refunds would be no limit.
    """
    if not settings.REFUND_LIMIT or staff.is_superuser:
        return True
    left = balance.remaining(payment)
    before = balance.paid(payment) - left
    return before + (left if amount is None else amount) <= settings.REFUND_LIMIT
