"""What the job of one refund does: ask the provider once, however often the job runs."""

from django.db import transaction
from django.utils import timezone

from orders import payments
from orders.actors import SYSTEM, Actor
from orders.models import Refund, RefundStatus
from orders.payments import balance
from orders.payments.settling import needs_staff, note_refund
from orders.transitions import flag, locked, record
from queues.errors import Superseded
from queues.models import Job
from queues.running import RunningJob, give_back_connection

UNSETTLED = (RefundStatus.REQUESTED, RefundStatus.SUBMITTED, RefundStatus.NEEDS_MANUAL)


def pay_out(*, refund_id: str, job: RunningJob) -> None:
    """Sends one refund back, unless that was done. Raises what the backend raises, which tells the queue
    whether a later try may work."""
    actor = Actor("worker", str(job.id))
    refund = _submitted(refund_id, actor)
    if refund is None:
        return
    give_back_connection()
    news = payments.backend(refund.payment.provider).pay_back(refund)
    try:
        with job.completing({"refund": refund_id, "status": str(news.status)}):
            note_refund(payment=refund.payment, news=news, actor=actor)
    except Superseded:
        # The money is on its way whoever asked for it; the attempt that replaced this one finds it done.
        note_refund(payment=refund.payment, news=news, actor=actor)
        raise


@transaction.atomic
def _submitted(refund_id: str, actor: Actor) -> Refund | None:
    """The refund, marked as being asked for; None when there is nothing to ask any more."""
    found = Refund.objects.select_related("payment").get(pk=refund_id)
    order = locked(found.payment.order_id)
    refund = Refund.objects.select_for_update(of=("self",)).select_related("payment").get(pk=refund_id)
    if refund.status not in UNSETTLED:
        return None
    left = balance.paid(refund.payment) - balance.accepted(refund.payment)
    if refund.status == RefundStatus.REQUESTED and refund.amount > left:
        refund.status, refund.settled_at = RefundStatus.CANCELED, timezone.now()
        refund.failure = "The money was sent back in another way meanwhile."
        refund.save()
        record(order, "refund_canceled", actor=actor, note=refund.failure, data={"refund": str(refund.pk)})
        flag(order, f"The refund of {refund.amount_text} was called off: {refund.failure}")
        return None
    if refund.status != RefundStatus.SUBMITTED:
        refund.status, refund.failure = RefundStatus.SUBMITTED, ""
        refund.save()
        record(order, "refund_submitted", actor=actor, data={"refund": str(refund.pk)})
    return refund


def gave_up(job: Job) -> None:
    """Hands the refund of a failed job to staff, in that job's transaction. They may retry the job."""
    refund = Refund.objects.select_related("payment").get(pk=job.args["refund_id"])
    needs_staff(refund=refund, actor=SYSTEM, failure=job.error_message)
