"""Kinds of jobs of this app. The work itself is in fulfilment and emails."""

from queues.kinds import job
from queues.models import Job


def _generation_failed(failed: Job) -> None:
    from orders import fulfilment

    fulfilment.generation_failed(failed)


def _revision_failed(failed: Job) -> None:
    from orders import fulfilment

    fulfilment.revision_failed(failed)


def _mail_failed(failed: Job) -> None:
    from orders import outbox

    outbox.give_up(failed)


@job(queue="article-generation", name="orders.generate_article", on_exhausted=_generation_failed)
def generate_article(job, *, order_id):
    from orders import fulfilment

    fulfilment.generate_article(order_id=order_id, job=job)


@job(queue="backlink-integration", name="orders.integrate_backlink", on_exhausted=_generation_failed)
def integrate_backlink(job, *, order_id):
    from orders import fulfilment

    fulfilment.integrate_backlink(order_id=order_id, job=job)


@job(queue="backlink-revision", name="orders.revise_article", on_exhausted=_revision_failed)
def revise_article(job, *, order_id, revision_id):
    from orders import fulfilment

    fulfilment.revise_article(order_id=order_id, revision_id=revision_id, job=job)


@job(queue="mail", name="orders.send_mail", on_exhausted=_mail_failed)
def send_mail(job, *, mail_id):
    from orders import outbox

    outbox.send(mail_id=mail_id, job=job)


@job(queue="default", name="orders.expire_unpaid")
def expire_unpaid(job):
    from orders import services

    return {"expired": services.expire_unpaid()}
