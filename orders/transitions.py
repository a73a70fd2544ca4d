"""The one door through which an order's status changes."""

import uuid

from django.db import connection

from orders.actors import Actor
from orders.models import Order, OrderEvent
from orders.states import TRANSITIONS, WORKER_ACTIONS, CancelReason, OrderStatus, allowed_actions
from queues.errors import Superseded


class Conflict(Exception):
    """The action is not allowed in the order's present state; `allowed` names the actions that are."""

    def __init__(self, action: str, status: str):
        super().__init__(f"{action} is not possible while the order is {status}.")
        self.action = action
        self.status = status
        self.allowed = allowed_actions(status)


def transition(
    *, order_id: uuid.UUID, action: str, actor: Actor, note: str = "", job_id: uuid.UUID | None = None, **fields
) -> Order:
    """Takes `action` on the order, sets `fields` on it and writes the audit row; returns the changed order.

    Must run inside the caller's transaction, so that mails, jobs and money rows stand or fall with it.
    Raises Conflict when the state does not allow the action, and Superseded when a worker's `job_id` is not
    the order's current job any more.
    """
    order = locked(order_id)
    if action in WORKER_ACTIONS and (job_id is None or order.current_job != job_id):
        raise Superseded(f"Order {order.code} no longer waits for job {job_id}.")
    sources, target = TRANSITIONS[action]
    reopens = order.status == OrderStatus.CANCELLED
    if order.status not in sources or (reopens and order.cancel_reason != CancelReason.PAYMENT_EXPIRED):
        raise Conflict(action, order.status)
    before, order.status = order.status, target
    for name, value in fields.items():
        setattr(order, name, value)
    if reopens:
        order.cancel_reason = ""
    order.save()
    if version := fields.get("current_version"):
        order.versions.add(version)
    record(order, action, actor=actor, note=note, from_status=before, data={"job": str(job_id)} if job_id else None)
    return order


def locked(order_id: uuid.UUID) -> Order:
    """The order, its row locked until the caller's transaction ends. Raises Order.DoesNotExist."""
    if not connection.in_atomic_block:
        raise RuntimeError("Orders are locked and changed inside a transaction only.")
    # of=self: the lock must not spread to rows that a join would bring in.
    return Order.objects.select_for_update(of=("self",)).get(pk=order_id)


def record(
    order: Order, action: str, *, actor: Actor, note: str = "", from_status: str = "", data: dict | None = None
) -> OrderEvent:
    """Adds an audit row. Without `from_status` it tells of something that left the status alone."""
    return OrderEvent.objects.create(
        order=order,
        action=action,
        from_status=from_status,
        to_status=order.status if from_status or action == "created" else "",
        actor_kind=actor.kind,
        actor_id=actor.id,
        note=note,
        data=data or {},
    )


def flag(order: Order, reason: str) -> None:
    """Puts the order on the staff's list with a `reason` of at most 200 characters."""
    order.needs_attention = True
    order.attention_reason = reason[:200]
    order.save(update_fields=["needs_attention", "attention_reason", "updated_at"])
