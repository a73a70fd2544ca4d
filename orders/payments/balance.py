"""How much money there is: always counted from the rows, never stored."""

from orders.models import Order, Payment, PaymentStatus, RefundStatus
from orders.models.payment import ARRIVED
from orders.models.refund import OVER


def paid(payment: Payment) -> int:
    """What arrived with this payment, 0 while nothing has."""
    return payment.amount if payment.status in ARRIVED else 0


def returned(payment: Payment) -> int:
    """What went back for certain. Never more than was paid."""
    return _sum(refund for refund in payment.refunds.all() if refund.status == RefundStatus.SUCCEEDED)


def accepted(payment: Payment) -> int:
    """What has gone back or is on its way: what the provider has said yes to, and what staff sent by hand."""
    rows = (refund for refund in payment.refunds.all() if refund.status not in OVER)
    return _sum(refund for refund in rows if refund.provider_id or refund.status == RefundStatus.SUCCEEDED)


def remaining(payment: Payment) -> int:
    """What may still be asked back. Ask under the payment's lock, or it may be less the next moment."""
    return max(paid(payment) - _sum(refund for refund in payment.refunds.all() if refund.status not in OVER), 0)


def counting(order: Order) -> Payment | None:
    """The payment that pays for the order, if one does."""
    return order.payments.filter(status=PaymentStatus.CONFIRMED).first()


def net(order: Order) -> int:
    """What the order has brought: the payment that counts, less what went back of it."""
    payment = counting(order)
    return paid(payment) - returned(payment) if payment else 0


def _sum(refunds) -> int:
    return sum(refund.amount for refund in refunds)
