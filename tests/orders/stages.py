"""Orders at every stage of their life, brought there by the services and jobs that bring real ones there."""

import datetime

from django.contrib.auth import get_user_model
from django.utils import timezone

from orders import cancelling, decisions, reviews
from orders.actors import CUSTOMER, Actor
from orders.fulfilment.work import handing_in
from orders.models import Order, OrderEvent, Refund, Review, RevisionRequest
from orders.states import OrderStatus
from orders.transitions import transition
from queues.errors import Fail
from queues.failure import settle
from queues.models import Job
from queues.running import RunningJob
from tests.factories import claimed
from tests.orders.builders import make_order, make_paid_order, make_version

NOTES = "Please make the introduction more engaging."


def make_staff(name: str = "editor"):
    return get_user_model().objects.get_or_create(username=name, defaults={"is_staff": True, "is_superuser": True})[0]


def running(order: Order) -> RunningJob:
    """The order's job, claimed by a worker."""
    return RunningJob(claimed(Job.objects.get(pk=order.current_job)))


def finish(order: Order, job: RunningJob | None = None) -> Order:
    """The order's job ends well: a version, handed over as the worker does."""
    job = job or running(order)
    action = "revision_done" if job.job.kind == "orders.revise_article" else "job_done"
    with handing_in(job, order, model="extract"):
        version = make_version(order)
        return transition(
            order_id=order.pk,
            action=action,
            actor=Actor("worker", str(job.id)),
            job_id=job.id,
            article=order.article,
            current_version=version,
        )


def written(**inputs) -> Order:
    """In QUALITY_CHECK, with one version."""
    return finish(make_paid_order(**inputs))


def submitted(**inputs) -> Order:
    """In ADMIN_REVIEW, unclaimed."""
    order = written(**inputs)
    reviews.submit_for_review(order_id=order.pk, version_id=order.current_version_id, actor=CUSTOMER)
    return fresh(order)


def scheduled() -> Order:
    order = submitted()
    later = timezone.now() + datetime.timedelta(days=1)
    return decisions.approve(
        order_id=order.pk, version_id=order.current_version_id, staff=make_staff(), publish_at=later
    )


def published() -> Order:
    order = submitted()
    return decisions.approve(order_id=order.pk, version_id=order.current_version_id, staff=make_staff())


def given_up() -> Order:
    """FAILED, because no first version came about; its refund is requested."""
    order = make_paid_order()
    exhaust(running(order))
    return fresh(order)


def exhaust(job: RunningJob) -> None:
    """The job fails for good."""
    settle(job.job, Fail("No model would write it.", kind="refusal"))


def cancelled() -> Order:
    return cancelling.cancel(order_id=make_paid_order().pk, actor=CUSTOMER)


STAGES = {
    OrderStatus.PENDING_PAYMENT: make_order,
    OrderStatus.PROCESSING: make_paid_order,
    OrderStatus.QUALITY_CHECK: written,
    OrderStatus.ADMIN_REVIEW: submitted,
    OrderStatus.SCHEDULED: scheduled,
    OrderStatus.COMPLETED: published,
    OrderStatus.FAILED: given_up,
    OrderStatus.CANCELLED: cancelled,
}


def fresh(order: Order) -> Order:
    return Order.objects.select_related("product", "article", "current_version").get(pk=order.pk)


def snapshot() -> dict:
    """All rows that an action on an order may write, so that a test can say that nothing has changed."""
    models = (Order, OrderEvent, Review, RevisionRequest, Refund, Job)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}
