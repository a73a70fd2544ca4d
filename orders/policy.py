"""What the customer of an order may do with it now, and if not, why. Services, API and pages all ask here."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from orders.models import AskedBy, Decision, Order, Review
from orders.states import TRANSITIONS, CancelReason
from orders.transitions import Conflict

MOST_REVISIONS = 20
CUSTOMER_ACTIONS = ("cancel", "recall", "request_revision", "submit_for_review")


@dataclass(frozen=True)
class Standing:
    """What the answers depend on beside the order's own row. `review` is the latest."""

    revisions_used: int
    review: Review | None

    @property
    def pending(self) -> Review | None:
        return self.review if self.review and self.review.decision == Decision.PENDING else None


def standing(order: Order) -> Standing:
    """Two queries."""
    used = order.revisions.filter(asked_by=AskedBy.CUSTOMER, counts_as_used=True).count()
    return Standing(used, order.reviews.last())


def objection(order: Order, action: str, stands: Standing) -> Conflict | None:
    """Why the customer may not take `action` now; None if nothing speaks against it."""
    if order.status not in TRANSITIONS[action][0]:
        return Conflict(action, order.status)
    reason = {
        "request_revision": lambda: _too_many(stands),
        "recall": lambda: _claimed(stands),
        "cancel": lambda: _too_late(order),
    }.get(action, lambda: None)()
    return Conflict(action, order.status, code=reason[0], detail=reason[1]) if reason else None


def check(order: Order, action: str) -> Standing:
    """The order's standing. Raises Conflict when the customer may not take `action` now."""
    stands = standing(order)
    if problem := objection(order, action, stands):
        raise problem
    return stands


def possible(order: Order, stands: Standing) -> list[str]:
    """All that the customer may do now, by name."""
    return [action for action in CUSTOMER_ACTIONS if objection(order, action, stands) is None]


def withdrawal_ends(order: Order) -> datetime.datetime | None:
    """Until when a paid order may be withdrawn from."""
    return order.paid_at + datetime.timedelta(days=settings.WITHDRAWAL_DAYS) if order.paid_at else None


def reason_to_cancel(order: Order) -> CancelReason:
    """What a customer's cancelling is: before the first version a cancellation, afterwards a withdrawal."""
    return CancelReason.WITHDRAWAL if order.current_version_id else CancelReason.CUSTOMER


def _too_many(stands: Standing) -> tuple[str, str] | None:
    if stands.revisions_used < MOST_REVISIONS:
        return None
    return "revision_limit", f"All {MOST_REVISIONS} revisions of this order are used. Write to us, and we find a way."


def _claimed(stands: Standing) -> tuple[str, str] | None:
    if stands.pending is None or stands.pending.claimed_at is None:
        return None
    return "review_claimed", "The editor has begun to read it, so it cannot be taken back now."


def _too_late(order: Order) -> tuple[str, str] | None:
    ends = withdrawal_ends(order)
    if order.current_version_id is None or ends is None or timezone.now() < ends:
        return None
    return "too_late", f"The time to withdraw from this order ended on {ends:%d %B %Y}."
