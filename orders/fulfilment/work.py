"""What the three kinds of work have in common: the order that waits, and the end that counts once."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from content.articles.services import QualityReport
from orders.actors import Actor
from orders.models import Order
from orders.states import OrderStatus
from orders.transitions import Conflict, flag, locked, record
from queues.errors import Cancelled, Superseded
from queues.running import RunningJob


def worker(job_id: UUID) -> Actor:
    """Who did it, for the audit trail."""
    return Actor("worker", str(job_id))


def waiting_order(order_id: str | UUID, job: RunningJob) -> Order:
    """The order that waits for `job`; raises Cancelled when it does not wait for it any more.

    The audit trail names the job, so that what it costs is known after its row has been pruned.
    """
    order = Order.objects.select_related("domain", "article__published_version", "current_version").get(pk=order_id)
    if order.current_job != job.id or order.status != OrderStatus.PROCESSING:
        raise Cancelled(f"Order {order.code} does not wait for this job.")
    if not order.events.filter(action="job_started", actor_id=str(job.id)).exists():
        record(order, "job_started", actor=worker(job.id), data={"job": str(job.id)})
    return order


@contextmanager
def handing_in(job: RunningJob, order: Order, *, model: str) -> Iterator[None]:
    """The block's effect and the job's completion in one transaction; nothing of it if it comes too late."""
    try:
        with job.completing({"order": order.code, "model": model}):
            locked(order.pk)  # before the article's row, as publishing does: one order of locks, no deadlock
            yield
    except (Superseded, Conflict) as error:
        # Either this attempt is not the job's own any more, and the checkpoint says so, or the order has moved
        # on: then the job must end, or it would be taken for lost and run again.
        job.checkpoint()
        raise Cancelled(str(error)) from error


def call_for_a_look(order: Order, report: QualityReport, *, is_demo: bool) -> None:
    """Puts the order on the staff's list when the text is not what was sold; the customer sees the report as well."""
    if report.blocking:
        flag(order, f"Quality check: {'; '.join(found.label for found in report.blocking)}")
    elif is_demo:
        flag(order, "No model made for publishing was available: a person has to read every sentence.")
