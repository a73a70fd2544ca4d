"""Rows of an order as the JSON of the wire. The names are those that clients were promised; no queries here."""

import datetime
from dataclasses import asdict

from content.texts.durations import in_words
from orders.history import Line
from orders.models import Decision, Order, Payment, PaymentStatus, Refund, RefundReason, RefundStatus
from orders.policy import Standing, possible
from orders.states import OrderStatus, progress
from queues.models import Job
from queues.states import OPEN, JobState

POLL_WRITING, POLL_RESTING = 2, 10  # seconds


def status(
    order: Order,
    *,
    payments: list[Payment],
    refunds: list[Refund],
    jobs: list[Job],
    current: Job | None,
    position: int | None,
    seconds: int | None,
    lines: list[Line],
    stands: Standing,
    versions: list,
) -> dict:
    """The whole status. `jobs` newest first, `current` the one that the order waits for or waited for last;
    `position` and `seconds` are its place in line and the estimate until it is done."""
    done, total = (current.progress, current.total) if current else (0, 0)
    return {
        **_ordered(order),
        "paymentStatus": payment_status(payments, refunds),
        "progress": asdict(progress(order, done=done, total=total)),
        "queue": _queue([_job(job, position if job is current else None) for job in jobs], jobs),
        "log": [{"at": time(line.at), "message": line.text, "warning": line.warning} for line in lines],
        "version": version(order.current_version) if order.current_version else None,
        "versions": [_line(made) for made in versions],
        "refund": _refund(shown_refund(refunds)),
        "estimatedTime": in_words(seconds) if seconds else None,
        "estimatedSeconds": seconds,
        "dueAt": time(order.due_at),
        "createdAt": time(order.created_at),
        "updatedAt": time(max([order.updated_at, *(line.at for line in lines)])),
        "pollAfter": POLL_WRITING if order.status == OrderStatus.PROCESSING else POLL_RESTING,
        **_choices(order, stands),
    }


def _ordered(order: Order) -> dict:
    return {
        "orderId": str(order.pk),
        "code": order.code,
        "kind": order.kind,
        "status": order.status,
        "product": {"slug": order.product.slug, "name": order.product.name},
        "topic": order.topic,
        "amount": order.amount,
        "currency": order.currency,
    }


def _queue(lines: list[dict], jobs: list[Job]) -> dict:
    return {
        "jobs": lines,
        "hasActiveJob": any(job.state in OPEN for job in jobs),
        "hasFailedJob": any(job.state == JobState.FAILED for job in jobs),
        "latestJob": str(jobs[0].pk) if jobs else None,
    }


def _line(made) -> dict:
    return {"versionId": str(made.pk), "number": made.number, "createdAt": time(made.created_at)}


def _choices(order: Order, stands: Standing) -> dict:
    """What the customer may do now, and what came of it so far."""
    may = possible(order, stands)
    review = stands.review
    approved = order.status in (OrderStatus.SCHEDULED, OrderStatus.COMPLETED)
    return {
        "canRequestRevision": "request_revision" in may,
        "canSubmitForReview": "submit_for_review" in may,
        "canRecall": "recall" in may,
        "canCancel": "cancel" in may,
        "revisionsUsed": stands.revisions_used,
        "revisionsIncluded": order.included_revisions,
        "reviewNote": review.note if review and review.decision == Decision.REJECTED else None,
        "publishAt": time(order.publish_at) if approved else None,
        "articleUrl": article_url(order),
    }


def article_url(order: Order) -> str | None:
    """Where readers find the published article."""
    return order.article.public_url or None if order.status == OrderStatus.COMPLETED and order.article else None


def payment_status(payments: list[Payment], refunds: list[Refund]) -> str:
    """unpaid, failed (declined, may be tried again), expired, held (another sum than the price: staff decide),
    paid, refund_requested, partially_refunded, refunded or refund_failed: derived, never stored.

    Money that came twice and goes back does not make a paid order less paid.
    """
    states = {payment.status: payment for payment in payments}
    counts = states.get(PaymentStatus.CONFIRMED) or states.get(PaymentStatus.SURPLUS)
    if counts is not None:
        return _after_payment(counts, [refund for refund in refunds if refund.payment_id == counts.pk])
    for status, word in (("held", "held"), ("failed", "failed"), ("expired", "expired")):
        if status in states:
            return word
    return "unpaid"


def _after_payment(payment: Payment, refunds: list[Refund]) -> str:
    states = {refund.status for refund in refunds} - {RefundStatus.CANCELED}
    returned = sum(refund.amount for refund in refunds if refund.status == RefundStatus.SUCCEEDED)
    if returned >= payment.amount:
        return "refunded"
    if states - {RefundStatus.SUCCEEDED, RefundStatus.FAILED}:
        return "refund_requested"
    if RefundStatus.FAILED in states:
        return "refund_failed"
    return "partially_refunded" if returned else "paid"


def _job(job: Job, position: int | None) -> dict:
    is_done = job.state == JobState.COMPLETED
    return {
        "jobId": str(job.pk),
        "queue": job.queue,
        "state": job.public_state,
        "stage": "done" if is_done else job.stage,
        "partsDone": job.total if is_done else job.progress,
        "partsTotal": job.total,
        # The ledger counts an attempt when it has failed; the wire counts those that ended.
        "attemptsMade": job.attempts_made + is_done,
        "position": position,
        "createdAt": time(job.created_at),
        "startedAt": time(job.started_at),
        "finishedAt": time(job.finished_at),
        # The kind only: a provider's own words are for staff.
        "failedReason": job.error_kind if job.state == JobState.FAILED else None,
    }


def version(shown) -> dict:
    """One version with its text."""
    return {
        "versionId": str(shown.pk),
        "number": shown.number,
        "title": shown.title,
        "content": shown.html,
        "format": "html",
        "wordCount": shown.word_count,
        "createdAt": time(shown.created_at),
        "revisionNotes": shown.revision_notes or None,
        "backlink": {
            "targetUrl": shown.backlink.get("targetUrl", ""),
            "anchorText": shown.backlink.get("anchorText", ""),
            "reviewStatus": shown.backlink_review_status,
        },
        "quality": shown.quality,
        "provider": shown.provider,
        "model": shown.model,
        "generator": shown.generator,
        "isDemo": shown.is_demo,
    }


def shown_refund(refunds: list[Refund]) -> Refund | None:
    """The newest refund that its customer should hear of: no one that was called off, nor what a bank took back."""
    known = (r for r in refunds if r.status != RefundStatus.CANCELED and r.reason != RefundReason.DISPUTE)
    return max(known, key=lambda refund: refund.created_at, default=None)


def _refund(refund: Refund | None) -> dict | None:
    if refund is None:
        return None
    asked = refund.status in (RefundStatus.SUBMITTED, RefundStatus.NEEDS_MANUAL)  # how, is not the customer's business
    return {
        "status": "requested" if asked else refund.status,
        "reason": refund.reason,
        "amount": refund.amount,
        "currency": refund.payment.currency,
        "requestedAt": time(refund.created_at),
        "settledAt": time(refund.settled_at),
    }


def time(moment: datetime.datetime | None) -> str | None:
    """ISO 8601 in UTC with Z."""
    if moment is None:
        return None
    return moment.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
