"""What the editor decides about a version that waits for review."""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from orders import emails, reviews
from orders.actors import Actor
from orders.cancelling import return_money
from orders.models import Decision, Order, RefundReason
from orders.notes import check_notes
from orders.publishing import check_moment, go_live
from orders.transitions import locked, transition


@transaction.atomic
def approve(
    *,
    order_id: uuid.UUID,
    version_id: uuid.UUID,
    staff,
    publish_at: datetime.datetime | None = None,
    note: str = "",
) -> Order:
    """Publishes the version that the editor has seen, now or at `publish_at`.

    Raises ValidationError for "publish_at" when that is over, and Conflict; nothing is stored then.
    """
    if publish_at is not None:
        check_moment(publish_at)
    order = locked(order_id)
    action = "schedule" if publish_at else "approve"
    reviews.pending(order, action)
    reviews.check_version(order, version_id, action)
    review = reviews.decide(order, Decision.APPROVED, action=action, staff=staff, note=note)
    if action == "approve":
        go_live(order, action)
    at = publish_at or timezone.now()
    order = transition(order_id=order_id, action=action, actor=_actor(staff), note=note, publish_at=at)
    if publish_at:
        emails.scheduled(order, review)
    else:
        emails.published(order)
    return order


@transaction.atomic
def reject(*, order_id: uuid.UUID, note: str, staff) -> Order:
    """Back to the customer, who reads the note. Raises ValidationError for "notes", and Conflict."""
    note = check_notes(note, shortest=1)
    order = locked(order_id)
    reviews.pending(order, "reject")
    review = reviews.decide(order, Decision.REJECTED, action="reject", staff=staff, note=note)
    order = transition(order_id=order_id, action="reject", actor=_actor(staff), note=note)
    emails.changes_requested(order, review)
    return order


@transaction.atomic
def fail_finally(*, order_id: uuid.UUID, note: str, staff) -> Order:
    """Gives the order up: the money goes back. Raises ValidationError for "notes", and Conflict."""
    note = check_notes(note, shortest=1)
    reviews.decide(locked(order_id), Decision.FAILED, action="fail_finally", staff=staff, note=note)
    order = transition(order_id=order_id, action="fail_finally", actor=_actor(staff), note=note)
    emails.order_failed(order, return_money(order, RefundReason.ORDER_FAILED, _actor(staff)))
    return order


def _actor(staff) -> Actor:
    return Actor("staff", str(staff.pk))
