"""Ending an order early, and giving its money back."""

import uuid

from orders import emails, jobs, policy
from orders.actors import Actor
from orders.models import Order, Refund, RefundReason
from orders.payments import balance, checkouts
from orders.payments.refunds import request_refund
from orders.states import CancelReason
from orders.transitions import transition
from queues import control
from queues.models import Job


def cancel(*, order_id: uuid.UUID, actor: Actor, note: str = "") -> Order:
    """Stops the order's job, closes its checkouts and sends its money back, all or nothing.

    Customers may before the first version, and within WITHDRAWAL_DAYS of paying; staff may always. Raises Conflict.
    """

    def act(order: Order, job: Job | None) -> Order:
        reason = CancelReason.STAFF
        if actor.kind != "staff":
            policy.check(order, "cancel")
            reason = policy.reason_to_cancel(order)
        changes = {"cancel_reason": reason, "current_job": None, "publish_at": None}
        told = {"job": str(job.pk)} if job else None
        order = transition(order_id=order_id, action="cancel", actor=actor, note=note, data=told, **changes)
        if job:
            control.cancel(job)
        checkouts.close_all(order)
        why = RefundReason.WITHDRAWAL if reason == CancelReason.WITHDRAWAL else RefundReason.CANCELLED
        emails.cancelled(order, return_money(order, why, actor))
        return order

    return jobs.with_job(order_id, act)


def return_money(order: Order, reason: RefundReason, actor: Actor) -> Refund | None:
    """Asks for the refund of all that is left of what was paid, if there is any. The order is locked by the caller."""
    payment = balance.counting(order)
    return request_refund(payment=payment, reason=reason, actor=actor) if payment else None
