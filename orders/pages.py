"""What the page of one order shows. Reads only; the words at its top come from wording.py, its text from reading.py."""

from dataclasses import dataclass

from django.utils import timezone

from orders import history, policy, selectors, wording
from orders.models import AskedBy, Decision, Order, PaymentStatus, Refund, RefundStatus, RevisionRequest
from orders.money import format_money
from orders.payments import checkouts
from orders.reading import Reading, reading
from orders.states import OrderStatus, Progress, progress
from orders.wire import article_url, shown_refund
from queues.models import Job, Queue
from queues.selectors import estimated_seconds, position
from queues.states import IN_LINE, JobState

STEPS = ("Payment", "Writing", "Your review", "Editor check", "Published")
MOVING = (OrderStatus.PENDING_PAYMENT, OrderStatus.PROCESSING)  # something is expected any moment
LATE = 3  # times as long as usual
WITH_STAFF = (OrderStatus.ADMIN_REVIEW, OrderStatus.SCHEDULED)  # others change it, perhaps in hours


@dataclass(frozen=True)
class Step:
    """`state` is done, now, stopped or empty (still to come)."""

    label: str
    state: str


@dataclass(frozen=True)
class OrderPage:
    """`place` is 1 for the next in line and None when not waiting; `pay_url` is empty unless a checkout is open;
    `due` is what is paid there, for all of `paid_together`, which is empty for an order that is paid alone;
    `may_check_payment`: the payment provider can be asked; `may`: what the customer can do now, by name;
    `notes`: all that was asked for, oldest first; `unmet`: the last of it, if that could not be done;
    `editors_note`: why the editor sent this version back."""

    order: Order
    progress: Progress
    steps: list[Step]
    lines: list[history.Line]
    job: Job | None
    stage: str
    place: int | None
    likely_seconds: int | None
    is_held: bool
    is_late: bool
    pay_url: str
    due: str
    paid_together: list[Order]
    ordered_with: list[Order]
    may_check_payment: bool
    is_confirming: bool
    is_declined: bool
    may: list[str]
    stands: policy.Standing
    notes: list[RevisionRequest]
    unmet: str
    editors_note: str
    reading: Reading | None
    cause: str
    refund: Refund | None
    is_called_off: bool

    @property
    def headline(self) -> wording.Headline:
        return wording.headline(
            self.order,
            declined=self.is_declined,
            confirming=self.is_confirming,
            waiting=self.place is not None,
            likely_seconds=self.likely_seconds,
            held=self.is_held,
            late=self.is_late,
            sent_back=bool(self.editors_note),
            unchanged=((self.job and self.job.error_kind) or "unknown") if self.unmet else "",
            called_off=self.is_called_off,
            due=self.due,
            refund=self.refund,
        )

    @property
    def is_moving(self) -> bool:
        return self.order.status in MOVING

    @property
    def is_watched(self) -> bool:
        """Whether the page keeps itself fresh: not while its reader decides, who may be typing, and not at the end."""
        return self.order.status in (*MOVING, *WITH_STAFF)

    @property
    def may_cancel(self) -> str:
        """What cancelling would be: "cancel", "withdraw" or, when it cannot be, an empty text."""
        if "cancel" not in self.may:
            return ""
        return "withdraw" if self.order.current_version_id else "cancel"

    @property
    def withdrawal_ends(self):
        return policy.withdrawal_ends(self.order)

    @property
    def article_url(self) -> str:
        return article_url(self.order) or ""

    @property
    def refund_words(self) -> str:
        return wording.refund(self.refund) if self.refund else ""

    @property
    def words(self) -> str:
        """The sentence of the live line: what changed, for those who cannot see it."""
        job = self.job
        if self.order.status != OrderStatus.PROCESSING or job is None:
            return f"{self.headline.title}."
        if self.place:
            return f"You are number {self.place} in line."
        if job.state == JobState.DELAYED:
            return "The last try did not work out. The next one starts by itself."
        return f"{job.progress} of {job.total} parts done." if job.total else "The writer has started."


def order_page(order: Order, *, paid: bool = False) -> OrderPage:
    """`order` comes with its product, article and current version; the number of queries does not depend on its
    history. `paid`: the visitor comes from the payment provider, who has taken the money."""
    job = Job.objects.filter(pk=order.current_job).first() if order.current_job else None
    writing = order.status == OrderStatus.PROCESSING
    refunds = selectors.refunds(order)
    stage = progress(order, done=job.progress if job else 0, total=job.total if job else 0)
    return OrderPage(
        order=order,
        progress=stage,
        steps=steps(stage, finished=order.status == OrderStatus.COMPLETED),
        lines=history.lines(order, job),
        job=job,
        stage=wording.stage(job.stage) if job else "",
        place=position(job) if writing and job and job.state != JobState.DELAYED else None,
        reading=reading(order, order.current_version, None if writing else job) if order.current_version else None,
        cause=wording.cause(job.error_kind if job else "") if order.status == OrderStatus.FAILED else "",
        refund=shown_refund(refunds),
        is_called_off=any(row.status == RefundStatus.CANCELED for row in refunds) and shown_refund(refunds) is None,
        ordered_with=list(selectors.ordered_with(order)),
        **_pace(job if writing else None),
        **_paying(order, paid),
        **_talk(order),
    )


def _pace(job: Job | None) -> dict:
    """How long it will take, or why nobody can say."""
    if job is None:
        return {"likely_seconds": None, "is_held": False, "is_late": False}
    now, queue = timezone.now(), Queue.objects.named(job.queue)
    likely = estimated_seconds(job, queue=queue)
    running = job.state == JobState.ACTIVE and job.started_at
    return {
        "likely_seconds": likely,
        "is_held": job.state in IN_LINE and queue.is_paused(now),
        "is_late": bool(running and likely and (now - running).total_seconds() > LATE * likely),
    }


def _paying(order: Order, paid: bool) -> dict:
    payment, waits = order.payments.last(), order.status == OrderStatus.PENDING_PAYMENT
    declined = payment is not None and payment.status == PaymentStatus.FAILED
    together = list(checkouts.together(order).select_related("product")) if waits and order.batch else []
    return {
        "due": format_money(sum(each.amount for each in together) or order.amount, order.currency),
        "paid_together": together if len(together) > 1 else [],
        "pay_url": checkouts.open_address(order) if waits else "",
        "may_check_payment": waits and bool(payment and payment.checkout_url),
        "is_confirming": waits and paid and not declined,
        "is_declined": declined,
    }


def _talk(order: Order) -> dict:
    """What was said about the versions, and what the customer can do now."""
    stands, notes = policy.standing(order), list(order.revisions.all())
    return {
        "may": policy.possible(order, stands),
        "stands": stands,
        "notes": notes,
        "unmet": _unmet(order, notes, stands),
        "editors_note": _editors_note(order, stands),
    }


def steps(stands: Progress, *, finished: bool) -> list[Step]:
    """The five steps, each with where it stands."""
    here = "stopped" if stands.failed else "done" if finished else "now"
    states = ["done"] * (stands.step - 1) + [here] + [""] * (stands.of - stands.step)
    return [Step(label, state) for label, state in zip(STEPS, states, strict=True)]


def _editors_note(order: Order, stands: policy.Standing) -> str:
    """What the editor wants to be different in the version that the order shows."""
    review = stands.review
    if order.status != OrderStatus.QUALITY_CHECK or review is None or review.decision != Decision.REJECTED:
        return ""
    return review.note if review.version_id == order.current_version_id else ""


def _unmet(order: Order, notes: list[RevisionRequest], stands: policy.Standing) -> str:
    """The newest wish of the customer, if it could not be met and the version was not sent to the editor since."""
    newest = notes[-1] if notes else None
    if order.status != OrderStatus.QUALITY_CHECK or newest is None or newest.base_id != order.current_version_id:
        return ""
    if stands.review and stands.review.submitted_at > newest.created_at:
        return ""
    failed = newest.asked_by == AskedBy.CUSTOMER and not newest.counts_as_used
    return newest.notes if failed else ""
