"""The one door through which an order's status changes."""

import uuid

from django.db import connection
from django.utils import timezone

from orders import staff_emails
from orders.actors import SYSTEM, Actor
from orders.client_webhooks.events import fan_out
from orders.models import Decision, Order, OrderEvent
from orders.states import STEADY, TRANSITIONS, WORKER_ACTIONS, CancelReason, OrderStatus, allowed_actions
from queues import announce, topics
from queues.errors import Superseded


class Conflict(Exception):
    """The action is not possible now. `code` says why: the state does not allow it ("wrong_status"), or what else.

    `allowed` names the actions that the state allows.
    """

    def __init__(self, action: str, status: str, *, code: str = "wrong_status", detail: str = ""):
        super().__init__(detail or f"{action} is not possible while the order is {status}.")
        self.action = action
        self.status = status
        self.code = code
        self.allowed = allowed_actions(status)


def transition(
    *,
    order_id: uuid.UUID,
    action: str,
    actor: Actor,
    note: str = "",
    job_id: uuid.UUID | None = None,
    data: dict | None = None,
    **fields,
) -> Order:
    """Takes `action` on the order, sets `fields` on it and writes the audit row; returns the changed order.

    Must run inside the caller's transaction, so that mails, jobs and money rows stand or fall with it.
    Raises Conflict when the state does not allow the action, and Superseded when a worker's `job_id` is not
    the order's current job any more.
    """
    order = locked(order_id)
    _check(order, action, job_id)
    before = order.status
    _, order.status = TRANSITIONS[action]
    for name, value in fields.items():
        setattr(order, name, value)
    if before == OrderStatus.CANCELLED:  # it is open again
        order.cancel_reason = ""
    order.save()
    if before == OrderStatus.ADMIN_REVIEW:  # whoever decides has closed it; else the order has left without a decision
        undecided = order.reviews.filter(decision=Decision.PENDING)
        undecided.update(decision=Decision.CLOSED, decided_at=timezone.now())
    if version := fields.get("current_version"):
        order.versions.add(version)
    told = (data or {}) | ({"job": str(job_id)} if job_id else {})
    record(order, action, actor=actor, note=note, from_status=before, data=told)
    return order


def _check(order: Order, action: str, job_id: uuid.UUID | None) -> None:
    if action in WORKER_ACTIONS and (job_id is None or order.current_job != job_id):
        raise Superseded(f"Order {order.code} no longer waits for job {job_id}.")
    if order.is_erased:
        raise Conflict(action, order.status, code="erased", detail="The data of this order's customer is erased.")
    sources, _ = TRANSITIONS[action]
    for_good = order.status == OrderStatus.CANCELLED and order.cancel_reason != CancelReason.PAYMENT_EXPIRED
    if order.status not in sources or for_good:
        raise Conflict(action, order.status)


def steady(order_id: uuid.UUID, action: str) -> Order:
    """The order, locked for an action that leaves its status alone. Raises Conflict when it is not allowed now."""
    order = locked(order_id)
    if order.status not in STEADY[action]:
        raise Conflict(action, order.status)
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
    """Adds an audit row, and tells the client that ordered what it says, and whoever watches the order to look again.
    Without `from_status` it tells of something that left the status alone."""
    event = OrderEvent(order=order, action=action, from_status=from_status, note=note, data=data or {})
    event.to_status = order.status if from_status or action == "created" else ""
    return record_all([event], actor=actor)[0]


def record_all(events: list[OrderEvent], *, actor: Actor) -> list[OrderEvent]:
    """The same for the unsaved rows of several things, of many orders perhaps."""
    for event in events:
        event.actor_kind, event.actor_id = actor.kind, actor.id
    OrderEvent.objects.bulk_create(events)
    fan_out(*events)
    for event in events:
        announce.topic_after_commit(topics.of_subject(event.order))
    return events


def flag(order: Order, reason: str, *, alert: bool = True) -> None:
    """Puts the order on the staff's list with a `reason` of at most 200 characters, and tells them by mail.

    The list shows the newest reason; the audit trail keeps them all.
    """
    flag_all([(order, reason)], alert=alert)


def flag_all(reasons: list[tuple[Order, str]], *, alert: bool = True) -> None:
    """The same for several orders, each once."""
    for order, reason in reasons:
        order.needs_attention, order.attention_reason, order.updated_at = True, reason[:200], timezone.now()
    orders = [order for order, _ in reasons]
    Order.objects.bulk_update(orders, ["needs_attention", "attention_reason", "updated_at"])
    flagged = [OrderEvent(order=order, action="flagged", note=order.attention_reason) for order in orders]
    record_all(flagged, actor=SYSTEM)
    if alert:
        staff_emails.staff_alert(*((order, order.attention_reason) for order in orders))
