"""What happened to an order, in plain words, for its customer."""

import datetime
from dataclasses import dataclass

from orders.models import Order
from queues.models import Job, JobEvent
from queues.states import JobState

LONGEST = 40  # lines; the newest stay
MILESTONES = {
    "created": "Order placed",
    "payment_confirmed": "Payment received",
    "payment_failed": "Payment declined, nothing charged",
    "payment_expired": "Not paid in time",
    "job_done": "Article ready",
    "job_failed": "Writing stopped",
    "refund_requested": "Refund requested",
    "refund_pending": "Refund on its way",
    "refund_canceled": "Refund called off",
    "refund_succeeded": "Refund sent",
    "refund_failed": "Refund could not be delivered",
    "request_revision": "You asked for changes",
    "revision_done": "Changes made",
    "revision_failed": "The changes could not be made",
    "submit_for_review": "Sent to the editor",
    "recall": "Taken back from the editor",
    "approve": "Approved by the editor, published",
    "schedule": "Approved by the editor",
    "reschedule": "Another day for publishing",
    "unschedule": "Back with the editor",
    "reject": "Sent back by the editor",
    "rework": "The editor asked for changes",
    "fail_finally": "Given up by the editor",
    "publish": "Published",
    "unpublish": "Taken from readers",
    "cancel": "Cancelled",
    "requeue": "Writing again",
    "refunded": "Stopped, because the payment went back",
}
# The engine's own lines carry names of workers and errors; customers get these instead.
SETBACK = "That try did not work out. The next one starts by itself."


@dataclass(frozen=True)
class Line:
    at: datetime.datetime
    text: str
    warning: bool = False


def lines(order: Order, job: Job | None) -> list[Line]:
    """Milestones of the order and sentences of its current job, oldest first. Two queries."""
    found = [Line(event.at, MILESTONES[event.action]) for event in order.events.all() if event.action in MILESTONES]
    if job is not None:
        newest = reversed(job.events.order_by("-id")[:LONGEST])
        found += [line for event in newest if (line := _of_job(event))]
    return sorted(found, key=lambda line: line.at)[-LONGEST:]


def _of_job(event: JobEvent) -> Line | None:
    state = event.data.get("state")
    if state is None:
        return Line(event.at, event.message, event.level != "info")
    if state == JobState.DELAYED:
        return Line(event.at, SETBACK, True)
    return None
