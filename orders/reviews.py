"""A version on its way to the editor: submitting, taking back, claiming. What the editor decides is in decisions.py."""

import uuid

from django.db import transaction
from django.utils import timezone

from content.articles.services import ReviewStatus, set_review_status
from orders import policy, staff_emails
from orders.actors import Actor
from orders.models import Decision, Order, Review
from orders.states import OrderStatus
from orders.transitions import Conflict, locked, record, steady, transition

REVIEW_STATUS = {Decision.APPROVED: ReviewStatus.APPROVED, Decision.REJECTED: ReviewStatus.REJECTED}


@transaction.atomic
def submit_for_review(*, order_id: uuid.UUID, version_id: uuid.UUID, actor: Actor) -> Review:
    """The waiting review of this version. Submitting the same version again while it waits returns the same review.

    Raises Conflict, "version_changed" when another version has come meanwhile.
    """
    order = locked(order_id)
    waiting = order.reviews.filter(decision=Decision.PENDING).first()
    if waiting and order.status == OrderStatus.ADMIN_REVIEW and waiting.version_id == version_id:
        return waiting
    policy.check(order, "submit_for_review")
    check_version(order, version_id, "submit_for_review")
    return open_review(order, "submit_for_review", actor)


def open_review(order: Order, action: str, actor: Actor, **fields) -> Review:
    """A new review of the order's current version, together with `action`; the order is locked by the caller."""
    review = Review(order=order, version=order.current_version, submitted_by=actor.kind)
    transition(order_id=order.pk, action=action, actor=actor, data={"review": str(review.pk)}, **fields)
    review.save(force_insert=True)
    set_review_status(order.current_version, ReviewStatus.PENDING_REVIEW)
    staff_emails.staff_new_review(order, review)
    return review


@transaction.atomic
def recall(*, order_id: uuid.UUID, actor: Actor) -> Order:
    """Takes the version back from the editor, who has not claimed it. Raises Conflict."""
    order = locked(order_id)
    policy.check(order, "recall")
    close(order, Decision.RECALLED)
    return transition(order_id=order.pk, action="recall", actor=actor)


@transaction.atomic
def claim(*, order_id: uuid.UUID, staff, take_over: bool = False) -> Review:
    """Says who reads it, so that no two do and the customer cannot take it back. Raises Conflict.

    A review that somebody else has claimed is theirs, unless it is taken over: the audit trail says from whom.
    """
    order = steady(order_id, "claim")
    review = pending(order, "claim")
    if take_over and review.is_taken_from(staff):
        told = {"review": str(review.pk), "from": str(review.claimed_by or "")}
        _note_claim(order, review, staff, "take_over", told)
        return review
    return _claimed(order, review, staff, "claim")


@transaction.atomic
def unclaim(*, order_id: uuid.UUID, staff) -> Review:
    """Lets others have it. Raises Conflict, also when somebody else has claimed it: that would be taking over."""
    order = steady(order_id, "unclaim")
    review = pending(order, "unclaim")
    if review.claimed_at is None:
        return review
    _check_claim(order, review, staff, "unclaim")
    review.claimed_by = review.claimed_at = None
    review.save(update_fields=["claimed_by", "claimed_at"])
    record(order, "unclaim", actor=Actor("staff", str(staff.pk)), data={"review": str(review.pk)})
    return review


def decide(order: Order, decision: Decision, *, action: str, staff, note: str = "") -> Review | None:
    """Closes the waiting review of the order, which the caller has locked, with what `staff` decided in `action`.

    Only whoever has claimed it may; one that nobody has claimed is claimed with it. Raises Conflict. None when no
    review waits.
    """
    if order.status != OrderStatus.ADMIN_REVIEW:
        return None
    _claimed(order, pending(order, action), staff, action)
    return close(order, decision, staff=staff, note=note)


def _claimed(order: Order, review: Review, staff, action: str) -> Review:
    _check_claim(order, review, staff, action)
    if review.claimed_at is None:
        _note_claim(order, review, staff, "claim", {"review": str(review.pk)})
    return review


def _check_claim(order: Order, review: Review, staff, action: str) -> None:
    if review.is_taken_from(staff):
        detail = f"{review.claimed_by or 'Somebody else'} has claimed this review. Take it over first."
        raise Conflict(action, order.status, code="review_claimed", detail=detail)


def _note_claim(order: Order, review: Review, staff, action: str, told: dict[str, str]) -> None:
    review.claimed_by, review.claimed_at = staff, timezone.now()
    review.save(update_fields=["claimed_by", "claimed_at"])
    record(order, action, actor=Actor("staff", str(staff.pk)), data=told)


def pending(order: Order, action: str) -> Review:
    """The review that waits. Raises Conflict, saying who decided, when there is none."""
    review = order.reviews.select_related("staff", "claimed_by").last()
    if review and review.decision == Decision.PENDING:
        return review
    by = f" by {review.staff}" if review and review.staff else ""
    detail = f"This review is over: {review.get_decision_display().lower()}{by}." if review else ""
    raise Conflict(action, order.status, detail=detail)


def check_version(order: Order, version_id: uuid.UUID, action: str) -> None:
    """Raises Conflict when `version_id` is not what the order shows now."""
    if order.current_version_id != version_id:
        detail = "There is another version by now. Read that one first."
        raise Conflict(action, order.status, code="version_changed", detail=detail)


def close(order: Order, decision: Decision, *, staff=None, note: str = "") -> Review | None:
    """Ends the review that waits, if one does."""
    review = order.reviews.filter(decision=Decision.PENDING).first()
    if review is None:
        return None
    review.decision, review.staff, review.note, review.decided_at = decision, staff, note, timezone.now()
    review.save(update_fields=["decision", "staff", "note", "decided_at"])
    if status := REVIEW_STATUS.get(decision):
        set_review_status(review.version, status)
    return review
