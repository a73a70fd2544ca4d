"""The life of an order: its states, which action may follow which, and what a customer is told about it.

docs/orders.md draws TRANSITIONS as a chart; a test compares the two.
"""

from dataclasses import dataclass

from django.db.models import TextChoices


class OrderStatus(TextChoices):
    PENDING_PAYMENT = "PENDING_PAYMENT", "Waiting for payment"  # made, not paid; expires after a day
    PROCESSING = "PROCESSING", "Writing"  # paid; a job writes or revises the text
    QUALITY_CHECK = "QUALITY_CHECK", "Customer review"  # a version is there; the customer reads it
    ADMIN_REVIEW = "ADMIN_REVIEW", "Editor review"  # the customer is content; staff decide
    SCHEDULED = "SCHEDULED", "Scheduled"  # approved; goes live later
    COMPLETED = "COMPLETED", "Published"  # live; the end
    FAILED = "FAILED", "Failed"  # no text could be made; the money goes back
    CANCELLED = "CANCELLED", "Cancelled"  # by the customer, by staff, or never paid (see cancel_reason)


S = OrderStatus

# action -> (the states it is allowed in, the state it leads to)
TRANSITIONS: dict[str, tuple[frozenset[OrderStatus], OrderStatus]] = {
    "payment_confirmed": (frozenset({S.PENDING_PAYMENT, S.CANCELLED}), S.PROCESSING),
    "payment_expired": (frozenset({S.PENDING_PAYMENT}), S.CANCELLED),
    "job_done": (frozenset({S.PROCESSING}), S.QUALITY_CHECK),
    "job_failed": (frozenset({S.PROCESSING}), S.FAILED),
    "request_revision": (frozenset({S.QUALITY_CHECK}), S.PROCESSING),
    "revision_done": (frozenset({S.PROCESSING}), S.QUALITY_CHECK),
    "revision_failed": (frozenset({S.PROCESSING}), S.QUALITY_CHECK),
    "submit_for_review": (frozenset({S.QUALITY_CHECK}), S.ADMIN_REVIEW),
    "recall": (frozenset({S.ADMIN_REVIEW}), S.QUALITY_CHECK),
    "approve": (frozenset({S.ADMIN_REVIEW}), S.COMPLETED),
    "schedule": (frozenset({S.ADMIN_REVIEW}), S.SCHEDULED),
    "reject": (frozenset({S.ADMIN_REVIEW}), S.QUALITY_CHECK),
    "rework": (frozenset({S.QUALITY_CHECK, S.ADMIN_REVIEW}), S.PROCESSING),
    "fail_finally": (frozenset({S.QUALITY_CHECK, S.ADMIN_REVIEW}), S.FAILED),
    "publish": (frozenset({S.SCHEDULED}), S.COMPLETED),
    "unschedule": (frozenset({S.SCHEDULED}), S.ADMIN_REVIEW),
    "cancel": (
        frozenset({S.PENDING_PAYMENT, S.PROCESSING, S.QUALITY_CHECK, S.ADMIN_REVIEW, S.SCHEDULED}),
        S.CANCELLED,
    ),
    "requeue": (frozenset({S.FAILED}), S.PROCESSING),
    "refunded": (frozenset({S.PROCESSING, S.QUALITY_CHECK, S.ADMIN_REVIEW, S.SCHEDULED}), S.CANCELLED),
}

# Actions that leave the status alone -> the states they are allowed in.
STEADY: dict[str, frozenset[OrderStatus]] = {
    "claim": frozenset({S.ADMIN_REVIEW}),
    "unclaim": frozenset({S.ADMIN_REVIEW}),
    "reschedule": frozenset({S.SCHEDULED}),
    "unpublish": frozenset({S.COMPLETED}),
    "change_priority": frozenset(S) - {S.COMPLETED, S.CANCELLED},
}

# Taken by a job: allowed only to the order's current one.
WORKER_ACTIONS = frozenset({"job_done", "job_failed", "revision_done", "revision_failed"})


class CancelReason(TextChoices):
    PAYMENT_EXPIRED = "payment_expired", "Not paid in time"  # the only one that a late payment reopens
    CUSTOMER = "customer", "By the customer"
    STAFF = "staff", "By staff"
    REFUNDED = "refunded_externally", "Refunded at the payment provider"
    WITHDRAWAL = "withdrawal", "Withdrawn from the contract"


def allowed_actions(status: str) -> list[str]:
    """The actions that are possible in `status`, sorted by name."""
    sources = {action: sources for action, (sources, _) in TRANSITIONS.items()} | STEADY
    return sorted(action for action in sources if status in sources[action])


STEPS = 5


@dataclass(frozen=True)
class Progress:
    """Step `step` of `of` for people. `percent` is None for an order that stopped (`failed`)."""

    step: int
    of: int
    label: str
    percent: int | None
    failed: bool


def progress(order, *, done: int = 0, total: int = 0) -> Progress:
    """What the order page says; `done` of `total` are the parts of the running job. Never moves backwards."""
    written = order.current_version_id is not None
    if order.status in (S.FAILED, S.CANCELLED):
        reached = 3 if written else 2 if order.paid_at else 1
        return Progress(reached, STEPS, S(order.status).label, None, True)
    if order.status == S.PROCESSING and not written:
        share = min(done, total) / total if total else 0
        label = "Placing your link" if order.kind == "backlink" else "Writing your article"
        return Progress(2, STEPS, label, 20 + round(35 * share), False)
    step, label, percent = {
        S.PENDING_PAYMENT: (1, "Waiting for payment", 5),
        S.PROCESSING: (3, "Revision in progress", 60),
        S.QUALITY_CHECK: (3, "Ready for your review", 60),
        S.ADMIN_REVIEW: (4, "Editor review", 80),
        S.SCHEDULED: (4, "Approved, goes live later", 90),
        S.COMPLETED: (5, "Published", 100),
    }[order.status]
    return Progress(step, STEPS, label, percent, False)
