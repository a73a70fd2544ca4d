"""Money that has to go back: written down here, paid out by staff at the provider."""

from orders.actors import Actor
from orders.models import Payment, Refund, RefundReason
from orders.transitions import record


def request_refund(*, payment: Payment, reason: RefundReason, actor: Actor) -> Refund:
    """Asks for the whole payment to be sent back. The caller holds the order's lock."""
    refund = Refund.objects.create(payment=payment, reason=reason, amount=payment.amount)
    record(payment.order, "refund_requested", actor=actor, data={"refund": refund.pk, "reason": str(reason)})
    return refund
