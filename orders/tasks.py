"""Kinds of jobs of this app. The work itself is in fulfilment and emails."""

from orders.actors import Actor
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


def _webhook_failed(failed: Job) -> None:
    from orders.client_webhooks import delivering

    delivering.give_up(failed)


def _refund_failed(failed: Job) -> None:
    from orders.payments import payouts

    payouts.gave_up(failed)


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


@job(queue="refunds", name="orders.pay_refund", on_exhausted=_refund_failed)
def pay_refund(job, *, refund_id):
    from orders.payments import payouts

    payouts.pay_out(refund_id=refund_id, job=job)


@job(queue="payments", name="orders.open_checkout")
def open_checkout(job, *, payment_id):
    from orders.models import Payment
    from orders.payments import checkouts

    checkouts.open_now(Payment.objects.select_related("order__product").get(pk=payment_id))


@job(queue="payments", name="orders.check_payment")
def check_payment(job, *, payment_id):
    from orders.payments import reconcile

    return _looked(reconcile.check_payment, payment_id, job)


@job(queue="payments", name="orders.close_checkout")
def close_checkout(job, *, payment_id):
    from orders.payments import reconcile

    return _looked(reconcile.leave_checkout, payment_id, job)


@job(queue="payments", name="orders.check_refunds")
def check_refunds(job, *, payment_id):
    from orders.payments import reconcile

    return _looked(reconcile.check_refunds, payment_id, job)


def _looked(look, payment_id: str, job) -> dict:
    from orders.models import Payment

    return {"outcome": str(look(Payment.objects.get(pk=payment_id), Actor("worker", str(job.id))))}


@job(queue="payments", name="orders.reconcile")
def reconcile(job):
    from orders.payments import reconcile

    return reconcile.reconcile(job)


@job(queue="default", name="orders.expire_unpaid")
def expire_unpaid(job):
    from orders.payments import reconcile

    return {"expired": reconcile.expire_unpaid(job)}


@job(queue="webhooks", name="orders.deliver_webhook", on_exhausted=_webhook_failed)
def deliver_webhook(job, *, delivery_id):
    from orders.client_webhooks import delivering

    delivering.deliver(delivery_id=delivery_id, job=job)


@job(queue="default", name="orders.sweep")
def sweep(job):
    from orders import sweeping

    return sweeping.sweep()


@job(queue="default", name="orders.attend_silence")
def attend_silence(job):
    from orders import silence

    return silence.attend()


@job(queue="default", name="orders.forget")
def forget(job):
    from orders import retention

    return retention.forget()


@job(queue="default", name="orders.publish_due")
def publish_due(job):
    from orders import scheduling

    return {"published": scheduling.publish_due()}
