"""What becomes of an order whose job has failed for good, in that job's transaction."""

import uuid

from orders import emails
from orders.cancelling import return_money
from orders.fulfilment.work import worker
from orders.models import Order, RefundReason
from orders.transitions import Conflict, flag, transition
from queues.errors import Superseded
from queues.models import Job


def generation_failed(job: Job) -> None:
    """No first text: the order ends with a refund, a mail, and a line on staff's list."""
    order = _ended(job, uuid.UUID(job.args["order_id"]), "job_failed")
    if order is None:
        return
    emails.order_failed(order, return_money(order, RefundReason.ORDER_FAILED, worker(job.pk)))
    flag(order, f"The article could not be written ({job.error_kind}); the refund is requested.")


def revision_failed(job: Job) -> None:
    """No better text: the last good version comes back, the request does not count, staff have a look."""
    order = _ended(job, uuid.UUID(job.args["order_id"]), "revision_failed")
    if order is None:
        return
    revision = order.revisions.get(pk=job.args["revision_id"])
    revision.counts_as_used = False
    revision.save(update_fields=["counts_as_used"])
    emails.revision_failed(order, revision)
    flag(order, f"The changes could not be made ({job.error_kind}); the last version is back.")


def _ended(job: Job, order_id: uuid.UUID, action: str) -> Order | None:
    """The order after `action`; None when it did not wait for this job any more."""
    try:
        return transition(
            order_id=order_id,
            action=action,
            actor=worker(job.pk),
            job_id=job.pk,
            note=f"{job.error_kind}: {job.error_message}",
        )
    except (Superseded, Conflict):
        return None
