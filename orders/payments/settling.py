"""What became of a refund, whoever says so: the job that paid it out, an event, a look at the provider, staff."""

from dataclasses import replace
from functools import partial

from django.db import transaction
from django.utils import timezone

from orders import emails, staff_emails
from orders.actors import Actor
from orders.models import Order, OrderEvent, Payment, PaymentStatus, Refund, RefundReason, RefundStatus
from orders.models.refund import OVER, RANK
from orders.payments import balance
from orders.payments.base import RefundNews
from orders.states import TRANSITIONS, CancelReason
from orders.transitions import flag_all, locked, record_all, transition
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
    noted = note_shares(parts=[(payment, news.amount)], news=news, actor=actor, reason=reason)
    return noted[0] if noted else None


@transaction.atomic
def note_shares(
    *, parts: list[tuple[Payment, int]], news: RefundNews, actor: Actor, reason: str = RefundReason.EXTERNAL
) -> list[Refund]:
    """The same for money that several orders share, in as few statements: each payment once, with its part of the
    amount. Those of which the news cannot be true have no refund among the returned ones."""
    refunds, problems = [], []
    is_elsewhere = _is_elsewhere(parts[0][0], news)
    for payment, amount in _locked(parts):
        own = replace(news, amount=amount)
        refund = _known(payment, own)
        if (refund is None or not refund.provider_id) and (problem := _impossible(payment, own, refund, is_elsewhere)):
            problems.append((payment.order, problem))
        else:
            new = {"reason": reason, "amount": amount, "status": RefundStatus.SUBMITTED}
            refunds.append(refund or Refund(payment=payment, **new))
    mismatches = [OrderEvent(order=order, action="refund_mismatch", note=problem) for order, problem in problems]
    record_all(mismatches, actor=actor)
    flag_all(problems)
    _write(refunds, news, actor)
    return refunds


def _locked(parts: list[tuple[Payment, int]]) -> list[tuple[Payment, int]]:
    """The payments as they are now, each with its order and refunds: all locked, the orders first."""
    ours = Order.objects.select_for_update(of=("self",)).order_by("pk")
    orders = {order.pk: order for order in ours.filter(pk__in=[payment.order_id for payment, _ in parts])}
    rows = Payment.objects.select_for_update(of=("self",)).order_by("pk").prefetch_related("refunds")
    payments = {row.pk: row for row in rows.filter(pk__in=[payment.pk for payment, _ in parts])}
    for payment in payments.values():
        payment.order = orders[payment.order_id]
    return [(payments[payment.pk], amount) for payment, amount in parts]


def _write(refunds: list[Refund], news: RefundNews, actor: Actor) -> None:
    """Stores the new ones, and moves those for which the news does not come late."""
    new = [refund for refund in refunds if refund._state.adding]
    unnamed = [refund for refund in refunds if not refund.provider_id and not refund._state.adding]
    for refund in (*new, *unnamed):
        refund.provider_id = news.provider_id
    words = "{} went back at the payment provider, not by us ({})."
    flag_all([(each.payment.order, words.format(each.amount_text, each.reason)) for each in new])
    Refund.objects.bulk_create(new)
    Refund.objects.bulk_update(unnamed, ["provider_id"])
    moving = [refund for refund in refunds if RANK[news.status] > RANK[RefundStatus(refund.status)]]
    _move(moving, news.status, actor=actor, failure=news.failure)


def _is_elsewhere(payment: Payment, news: RefundNews) -> bool:
    """Whether it is of other money. Of the same there may be others: orders that were paid together share it."""
    return Refund.objects.filter(provider_id=news.provider_id).exclude(payment__intent_id=payment.intent_id).exists()


def _known(payment: Payment, news: RefundNews) -> Refund | None:
    """Our row: by the provider's id, else by ours. One that was called off is not meant by anybody."""
    rows = list(payment.refunds.all())
    same = (row for row in rows if row.provider_id == news.provider_id)
    ours = (row for row in rows if str(row.pk) == news.refund_id and not row.provider_id)
    return next(same, None) or next((row for row in ours if row.status != RefundStatus.CANCELED), None)


def _impossible(payment: Payment, news: RefundNews, refund: Refund | None, is_elsewhere: bool) -> str:
    """Why this refund cannot have been made, or an empty text."""
    if not news.provider_id or news.currency != payment.currency or news.amount <= 0:
        return f"A refund of {news.amount} {news.currency} cannot be of a payment in {payment.currency}."
    if refund and refund.amount != news.amount:
        return f"Refund {news.provider_id} is of {news.amount}, but {refund.amount} were asked for."
    counted = refund is not None and refund.status == RefundStatus.SUCCEEDED
    left = balance.paid(payment) - balance.accepted(payment) + (refund.amount if counted else 0)
    if news.status not in OVER and news.amount > left:
        return f"Refund {news.provider_id} would make the refunds more than the {payment.amount} that were paid."
    if is_elsewhere:
        return f"Refund {news.provider_id} belongs to another payment."
    return ""


def _move(refunds: list[Refund], status: str, *, actor: Actor, failure: str = "", note: str = "") -> None:
    """The refunds' own transition; the caller holds the locks of their orders and has looked at the rank."""
    is_end = RANK[RefundStatus(status)] > RANK[RefundStatus.PENDING]
    for refund in refunds:
        refund.status, refund.failure = status, failure[:200]
        refund.settled_at = timezone.now() if is_end else refund.settled_at
    Refund.objects.bulk_update(refunds, ["status", "failure", "settled_at"])
    events = record_all([_told(refund, note) for refund in refunds], actor=actor)
    ours = [each for each in zip(refunds, events, strict=True) if each[0].reason != RefundReason.DISPUTE]
    if status in NOT_AS_WISHED:
        flag_all([(refund.payment.order, _unwished(refund)) for refund, _ in ours], alert=False)
        staff_emails.refund_failed(*ours)
    if status == RefundStatus.SUCCEEDED:
        emails.refunded_all([refund for refund, _ in ours])
        _stop_where_nothing_is_left([refund.payment for refund in refunds], actor)


def _told(refund: Refund, note: str) -> OrderEvent:
    """The audit row of what has become of it."""
    disputed = refund.reason == RefundReason.DISPUTE
    action = f"dispute_{MOVED_BY_A_BANK[refund.status]}" if disputed else f"refund_{refund.status}"
    data = {"refund": str(refund.pk), "amount": refund.amount}
    return OrderEvent(order=refund.payment.order, action=action, note=note or refund.failure, data=data)


def _unwished(refund: Refund) -> str:
    return f"The refund of {refund.amount_text} is {refund.get_status_display().lower()}: {refund.failure}"


def _stop_where_nothing_is_left(payments: list[Payment], actor: Actor) -> None:
    """Orders whose whole payment went back are not worked on any more; published ones stay."""
    sources, _ = TRANSITIONS["refunded"]
    rows = Payment.objects.filter(pk__in=[payment.pk for payment in payments], status=PaymentStatus.CONFIRMED)
    empty = {row.pk for row in rows.prefetch_related("refunds") if balance.paid(row) == balance.returned(row)}
    orders = [payment.order for payment in payments if payment.pk in empty and payment.order.status in sources]
    end = {"actor": actor, "cancel_reason": CancelReason.REFUNDED, "current_job": None}
    for order in orders:
        transition(order_id=order.pk, action="refunded", **end)
    # After the commit: an attempt that is just ending locks its job first and the order then.
    for job in Job.objects.filter(pk__in=[order.current_job for order in orders if order.current_job]):
        transaction.on_commit(partial(control.cancel, job))


@transaction.atomic
def mark_paid_out(*, refund: Refund, actor: Actor, note: str) -> bool:
    """Staff sent the money back by hand. False unless the refund waits for that."""
    order = locked(refund.payment.order_id)
    refund = Refund.objects.select_related("payment").get(pk=refund.pk)
    if refund.status != RefundStatus.NEEDS_MANUAL:
        return False
    refund.payment.order = order
    _move([refund], RefundStatus.SUCCEEDED, actor=actor, note=note)
    return True


def needs_staff(*, refund: Refund, actor: Actor, failure: str) -> None:
    """The provider cannot be brought to pay it out, in the caller's transaction."""
    order = locked(refund.payment.order_id)
    refund.refresh_from_db()
    refund.payment.order = order
    if refund.status in (RefundStatus.REQUESTED, RefundStatus.SUBMITTED):
        _move([refund], RefundStatus.NEEDS_MANUAL, actor=actor, failure=failure)
