"""What the order page says at the top, per state: what happened, what it means, what to do."""

from dataclasses import dataclass

from orders.durations import in_words
from orders.models import Order, PaymentStatus
from orders.states import CancelReason, OrderStatus


@dataclass(frozen=True)
class Headline:
    """`title` also begins the document's title; `lede` is one or two sentences."""

    title: str
    lede: str


def headline(
    order: Order, *, revising: bool = False, declined: bool = False, likely_seconds: int | None = None
) -> Headline:
    """`declined`: the last try to pay was refused. `likely_seconds`: until the running job is done, if known."""
    if order.status == OrderStatus.PENDING_PAYMENT:
        return _unpaid(order, declined)
    if order.status == OrderStatus.PROCESSING:
        return _in_work(order, revising, likely_seconds)
    if order.status == OrderStatus.CANCELLED:
        return _cancelled(order)
    return {
        OrderStatus.QUALITY_CHECK: Headline(
            "Your article is ready to read",
            "Read it here, with what our automatic check found. Nothing is published yet.",
        ),
        OrderStatus.ADMIN_REVIEW: Headline("Our editor is checking your article", "You can read it here meanwhile."),
        OrderStatus.SCHEDULED: Headline(
            "Your article is approved", "It goes live on the day that was agreed. You can read it here meanwhile."
        ),
        OrderStatus.COMPLETED: Headline("Your article is published", "Thank you for your order. This page stays here."),
        OrderStatus.FAILED: Headline(
            "We could not write your article", f"You lose nothing: your {order.amount_text} goes back to you."
        ),
    }[OrderStatus(order.status)]


def _unpaid(order: Order, declined: bool) -> Headline:
    if declined:
        return Headline(
            "Your payment was declined",
            f"Nothing was charged. Try again, and we start as soon as {order.amount_text} is paid.",
        )
    return Headline(
        "Confirming your payment",
        f"We start writing as soon as your {order.amount_text} is confirmed. That takes a few seconds after you pay.",
    )


def _in_work(order: Order, revising: bool, likely_seconds: int | None) -> Headline:
    title = "We are making your changes" if revising else "We are writing your article"
    usual = f"It usually takes {in_words(likely_seconds)}. " if likely_seconds else ""
    return Headline(title, f"{usual}You can close this page: we will write to {masked(order.email)} when it is ready.")


def _cancelled(order: Order) -> Headline:
    why = {
        CancelReason.PAYMENT_EXPIRED: "It was not paid within a day, so nothing was charged and nothing was written.",
        CancelReason.CUSTOMER: "You cancelled it.",
        CancelReason.STAFF: "Our staff cancelled it.",
        CancelReason.REFUNDED: "Your payment was sent back, so we stopped.",
        CancelReason.WITHDRAWAL: "You withdrew from the contract.",
    }.get(order.cancel_reason, "Nothing more will happen to it.")
    return Headline("This order was cancelled", why)


def declined(payment) -> bool:
    """Whether the last try of this payment (or None) was refused."""
    return payment is not None and payment.status == PaymentStatus.FAILED


def masked(email: str) -> str:
    """Enough of an address to recognise one's own: "a***@example.com"."""
    name, _, host = email.rpartition("@")
    return f"{name[:1]}***@{host}"
