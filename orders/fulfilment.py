"""What the jobs of an order do: the doing half. No word of Celery in it."""

import uuid

from content.articles.brief import Brief
from content.articles.services import check_article, create_article, save_version, write_article
from orders import emails
from orders.actors import Actor
from orders.models import Order, PaymentStatus, RefundReason
from orders.payments.refunds import request_refund
from orders.states import OrderStatus
from orders.transitions import Conflict, flag, transition
from queues.errors import Cancelled, Superseded
from queues.models import Job
from queues.running import RunningJob


def generate_article(*, order_id: str, job: RunningJob) -> None:
    """Writes the order's article and hands it to the customer: version, state and mail in one transaction.

    Raises Cancelled, saving nothing, when the order does not wait for this job any more.
    """
    order = Order.objects.get(pk=order_id)
    if order.current_job != job.id or order.status != OrderStatus.PROCESSING:
        raise Cancelled(f"Order {order.code} does not wait for this job.")
    brief = brief_of(order)
    draft = write_article(brief, job=job)
    report = check_article(draft, brief)
    try:
        with job.completing({"order": order.code, "model": draft.model}):
            article = create_article(title=draft.title)
            version = save_version(article, draft, report, brief=brief)
            order = transition(
                order_id=order.pk,
                action="job_done",
                actor=_worker(job.id),
                job_id=job.id,
                article=article,
                current_version=version,
            )
            emails.article_ready(order)
    except (Superseded, Conflict) as error:
        # Either this attempt is not the job's own any more, and the checkpoint says so, or the order has moved
        # on: then the job must end, or it would be taken for lost and run again.
        job.checkpoint()
        raise Cancelled(str(error)) from error


def generation_failed(job: Job) -> None:
    """Ends the order of a job that failed for good, in that job's transaction: refund, mail, staff's list."""
    worker = _worker(job.pk)
    try:
        order = transition(
            order_id=uuid.UUID(job.args["order_id"]),
            action="job_failed",
            actor=worker,
            job_id=job.pk,
            note=f"{job.error_kind}: {job.error_message}",
        )
    except Superseded:
        return
    for payment in order.payments.filter(status=PaymentStatus.CONFIRMED):
        request_refund(payment=payment, reason=RefundReason.ORDER_FAILED, actor=worker)
    emails.order_failed(order)
    flag(order, f"The article could not be written ({job.error_kind}); the refund is requested.")


def _worker(job_id: uuid.UUID) -> Actor:
    return Actor("worker", str(job_id))


def brief_of(order: Order) -> Brief:
    """The customer's wishes, in the words of the article writer."""
    return Brief(
        topic=order.topic,
        niche=order.niche,
        keyword=order.keyword,
        target_url=order.target_url,
        anchor_text=order.anchor_text,
        notes=order.notes,
        words=order.words,
    )
