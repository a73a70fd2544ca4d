"""What the page of one order shows. Reads only; the words at its top come from wording.py."""

from dataclasses import dataclass

from orders import costs, history, selectors, wording
from orders.models import Order, PaymentStatus, Refund
from orders.payments import checkouts
from orders.states import OrderStatus, Progress, progress
from orders.wire import shown_refund
from queues.models import Job
from queues.selectors import estimated_seconds, position
from queues.states import JobState

STEPS = ("Payment", "Writing", "Your review", "Editor check", "Published")
MOVING = (OrderStatus.PENDING_PAYMENT, OrderStatus.PROCESSING)  # the page changes by itself


@dataclass(frozen=True)
class Step:
    """`state` is done, now, stopped or empty (still to come)."""

    label: str
    state: str


@dataclass(frozen=True)
class OrderPage:
    """`place` is 1 for the next in line and None when not waiting; `rules` are those of the quality check, the
    missed ones first; `facts` are label and value; `pay_url` is empty unless a checkout is open;
    `may_check_payment`: the payment provider can be asked."""

    order: Order
    headline: wording.Headline
    progress: Progress
    steps: list[Step]
    lines: list[history.Line]
    job: Job | None
    stage: str
    place: int | None
    pay_url: str
    may_check_payment: bool
    rules: list[dict]
    facts: list[tuple[str, str]]
    cause: str
    refund: Refund | None

    @property
    def is_moving(self) -> bool:
        return self.order.status in MOVING

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


def order_page(order: Order) -> OrderPage:
    """`order` comes with its product and current version; the number of queries does not depend on its history."""
    writing = order.status == OrderStatus.PROCESSING
    job = Job.objects.filter(pk=order.current_job).first() if order.current_job else None
    place = position(job) if writing and job and job.state != JobState.DELAYED else None
    payment = order.payments.last()
    stands = progress(order, done=job.progress if job else 0, total=job.total if job else 0)
    headline = wording.headline(
        order,
        declined=payment is not None and payment.status == PaymentStatus.FAILED,
        waiting=place is not None,
        likely_seconds=estimated_seconds(job) if writing and job else None,
    )
    return OrderPage(
        order=order,
        headline=headline,
        progress=stands,
        steps=steps(stands, finished=order.status == OrderStatus.COMPLETED),
        lines=history.lines(order, job),
        job=job,
        stage=wording.stage(job.stage) if job else "",
        place=place,
        pay_url=checkouts.open_address(order) if order.status == OrderStatus.PENDING_PAYMENT else "",
        may_check_payment=order.status == OrderStatus.PENDING_PAYMENT and bool(payment and payment.checkout_url),
        rules=_rules(order.current_version),
        facts=_facts(order, job) if order.current_version else [],
        cause=wording.cause(job.error_kind if job else "") if order.status == OrderStatus.FAILED else "",
        refund=shown_refund(selectors.refunds(order)),
    )


def steps(stands: Progress, *, finished: bool) -> list[Step]:
    """The five steps, each with where it stands."""
    here = "stopped" if stands.failed else "done" if finished else "now"
    states = ["done"] * (stands.step - 1) + [here] + [""] * (stands.of - stands.step)
    return [Step(label, state) for label, state in zip(STEPS, states, strict=True)]


def _rules(version) -> list[dict]:
    weight = {"block": 0, "revise": 1}
    rules = version.quality["rules"] if version else []
    return sorted(rules, key=lambda rule: (rule["ok"], weight.get(rule["severity"], 2)))


def _facts(order: Order, job: Job | None) -> list[tuple[str, str]]:
    version = order.current_version
    facts = [
        ("Length", f"{version.word_count} words"),
        ("Writer", wording.writer(version)),
        ("Model fees", wording.cost(version, costs.of_order(order))),
    ]
    if job and job.started_at and job.finished_at:
        facts.append(("Written in", wording.seconds((job.finished_at - job.started_at).total_seconds())))
    return facts
