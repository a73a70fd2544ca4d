"""What became of a refund, whoever says so: the job that paid it out, an event, a look at the provider, staff."""

from django.db import transaction
from django.utils import timezone

from orders import emails, staff_emails
from orders.actors import Actor
from orders.models import Order, Payment, PaymentStatus, Refund, RefundReason, RefundStatus
from orders.models.refund import OVER, RANK
from orders.payments import balance
from orders.payments.base import RefundNews
from orders.states import TRANSITIONS, CancelReason
from orders.transitions import flag, locked, record, transition
from queues import control
from queues.models import Job

NOT_AS_WISHED = (RefundStatus.FAILED, RefundStatus.CANCELED, RefundStatus.NEEDS_MANUAL)
MOVED_BY_A_BANK = {RefundStatus.SUCCEEDED: "withdrawn", RefundStatus.CANCELED: "reinstated"}


@transaction.atomic
def note_refund(
    *, payment: Payment, news: RefundNews, actor: Actor, reason: str = RefundReason.EXTERNAL
) -> Refund | None:
    """Writes down the provider's news of a refund of `payment`; one that we did not ask for gets a row of `reason`.

    News that comes late changes nothing. None when the news cannot be true; staff are told.
    """
    order = locked(payment.order_id)
    payment = Payment.objects.select_for_update(of=("self",)).prefetch_related("refunds").get(pk=payment.pk)
    refund = _known(payment, news)
    if (refund is None or not refund.provider_id) and (problem := _impossible(payment, news, refund)):
        record(order, "refund_mismatch", actor=actor, note=problem)
        flag(order, problem)
        return None
    if refund is None:
        refund = Refund(payment=payment, reason=reason, amount=news.amount, status=RefundStatus.SUBMITTED)
        flag(order, f"{refund.amount_text} went back at the payment provider, not by us ({refund.reason}).")
    if not refund.provider_id:
        refund.provider_id = news.provider_id
        refund.save()
    if RANK[news.status] > RANK[RefundStatus(refund.status)]:
        _move(order, refund, news.status, actor=actor, failure=news.failure)
    return refund


def _known(payment: Payment, news: RefundNews) -> Refund | None:
    """Our row: by the provider's id, else by ours. One that was called off is not meant by anybody."""
    rows = list(payment.refunds.all())
    same = (row for row in rows if row.provider_id == news.provider_id)
    ours = (row for row in rows if str(row.pk) == news.refund_id and not row.provider_id)
    return next(same, None) or next((row for row in ours if row.status != RefundStatus.CANCELED), None)


def _impossible(payment: Payment, news: RefundNews, refund: Refund | None) -> str:
    """Why this refund cannot have been made, or an empty text."""
    if not news.provider_id or news.currency != payment.currency or news.amount <= 0:
        return f"A refund of {news.amount} {news.currency} cannot be of a payment in {payment.currency}."
    if refund and refund.amount != news.amount:
        return f"Refund {news.provider_id} is of {news.amount}, but {refund.amount} were asked for."
    counted = refund is not None and refund.status == RefundStatus.SUCCEEDED
    left = balance.paid(payment) - balance.accepted(payment) + (refund.amount if counted else 0)
    if news.status not in OVER and news.amount > left:
        return f"Refund {news.provider_id} would make the refunds more than the {payment.amount} that were paid."
    # Of the same money at the provider there may be others: orders that were paid together share it.
    if Refund.objects.filter(provider_id=news.provider_id).exclude(payment__intent_id=payment.intent_id).exists():
        return f"Refund {news.provider_id} belongs to another payment."
    return ""


def _move(order: Order, refund: Refund, status: str, *, actor: Actor, failure: str = "", note: str = "") -> None:
    """The refund's own transition; the caller holds the order's lock and has looked at the rank."""
    refund.status, refund.failure = status, failure[:200]
    if RANK[RefundStatus(status)] > RANK[RefundStatus.PENDING]:
        refund.settled_at = timezone.now()
    refund.save()
    disputed = refund.reason == RefundReason.DISPUTE
    action = f"dispute_{MOVED_BY_A_BANK[status]}" if disputed else f"refund_{status}"
    data = {"refund": str(refund.pk), "amount": refund.amount}
    news = record(order, action, actor=actor, note=note or refund.failure, data=data)
    if status in NOT_AS_WISHED and not disputed:
        words = f"The refund of {refund.amount_text} is {refund.get_status_display().lower()}: {refund.failure}"
        flag(order, words, alert=False)
        staff_emails.refund_failed(order, refund, news)
    if status == RefundStatus.SUCCEEDED:
        if not disputed:
            emails.refunded(order, refund)
        _stop_if_nothing_is_left(order, refund.payment, actor)


def _stop_if_nothing_is_left(order: Order, payment: Payment, actor: Actor) -> None:
    """An order whose whole payment went back is not worked on any more; a published one stays."""
    sources, _ = TRANSITIONS["refunded"]
    if payment.status != PaymentStatus.CONFIRMED or balance.net(order) or order.status not in sources:
        return
    job_id = order.current_job
    transition(order_id=order.pk, action="refunded", actor=actor, cancel_reason=CancelReason.REFUNDED, current_job=None)
    # After the commit: an attempt that is just ending locks its job first and the order then.
    if job := Job.objects.filter(pk=job_id).first():
        transaction.on_commit(lambda: control.cancel(job))


@transaction.atomic
def mark_paid_out(*, refund: Refund, actor: Actor, note: str) -> bool:
    """Staff sent the money back by hand. False unless the refund waits for that."""
    order = locked(refund.payment.order_id)
    refund = Refund.objects.select_related("payment").get(pk=refund.pk)
    if refund.status != RefundStatus.NEEDS_MANUAL:
        return False
    _move(order, refund, RefundStatus.SUCCEEDED, actor=actor, note=note)
    return True


def needs_staff(*, refund: Refund, actor: Actor, failure: str) -> None:
    """The provider cannot be brought to pay it out, in the caller's transaction."""
    order = locked(refund.payment.order_id)
    refund.refresh_from_db()
    if refund.status in (RefundStatus.REQUESTED, RefundStatus.SUBMITTED):
        _move(order, refund, RefundStatus.NEEDS_MANUAL, actor=actor, failure=failure)
