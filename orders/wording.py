"""What the order page says at the top, per state: what happened, what it means, what to do."""

from dataclasses import dataclass

from content.texts.durations import in_words
from orders.models import Order, Refund, RefundStatus
from orders.models.catalogue import ProductKind
from orders.states import CancelReason, OrderStatus
from orders.transitions import Conflict


@dataclass(frozen=True)
class Headline:
    """`title` also begins the document's title; `lede` is one or two sentences."""

    title: str
    lede: str


WITH_EDITOR = Headline(
    "Our editor is checking your article", "We write to you as soon as it is decided. You can read it here."
)


def headline(
    order: Order,
    *,
    declined: bool = False,
    confirming: bool = False,
    waiting: bool = False,
    likely_seconds: int | None = None,
    held: bool = False,
    late: bool = False,
    sent_back: bool = False,
    unchanged: str = "",
    refund: Refund | None = None,
    called_off: bool = False,
    due: str = "",
) -> Headline:
    """`declined`: the last try to pay was refused. `confirming`: the provider has taken the money, and we wait for
    its word. `waiting`: its job is in line. `likely_seconds`: to its end. `held`: nothing starts in its line. `late`:
    it has taken much longer than that. `sent_back`: by the editor. `unchanged`: what kept the last wish from being
    met. `called_off`: staff stopped its refund. `due`: what is to pay, if not its price."""
    words = {
        OrderStatus.PENDING_PAYMENT: lambda: _unpaid(due or order.amount_text, declined, confirming),
        OrderStatus.PROCESSING: lambda: _in_work(order, waiting, _when(waiting, likely_seconds, held, late)),
        OrderStatus.QUALITY_CHECK: lambda: _to_read(order, sent_back, unchanged),
        OrderStatus.ADMIN_REVIEW: lambda: WITH_EDITOR,
        OrderStatus.SCHEDULED: lambda: _approved(order),
        OrderStatus.COMPLETED: lambda: _published(order),
        OrderStatus.FAILED: lambda: _failed(order, called_off, refund),
        OrderStatus.CANCELLED: lambda: _cancelled(order),
    }
    return words[OrderStatus(order.status)]()


def _approved(order: Order) -> Headline:
    day = f"on {order.publish_at:%-d %B %Y at %H:%M} UTC" if order.publish_at else "on the day that was agreed"
    return Headline("Your article is approved", f"It goes live {day}. You can read it here meanwhile.")


def _failed(order: Order, called_off: bool, refund: Refund | None) -> Headline:
    title = "We could not place your link" if _is_link(order) else "We could not write your article"
    if called_off:
        return Headline(title, f"The refund of your {order.amount_text} was called off.")
    return Headline(title, _comes_back(order, refund))


def _comes_back(order: Order, refund: Refund | None) -> str:
    """`refund` may be of less than the price, when some of it went back before."""
    money = f"You lose nothing: your {refund.amount_text if refund else order.amount_text}"
    if refund and refund.status == RefundStatus.FAILED:
        return f"{money} is still here, and our staff look for a way to you."
    return f"{money} goes back to you."


def _is_link(order: Order) -> bool:
    return order.kind == ProductKind.BACKLINK


def _to_read(order: Order, sent_back: bool, unchanged: str) -> Headline:
    if sent_back:
        return Headline("Our editor asks for a change", "Read the note below, then say what should change.")
    if unchanged:
        why = "" if unchanged != "no_model" else "The built-in demo model cannot make changes, and no other is set up. "
        return Headline(
            "We could not make your changes",
            f"{why}Your version is as it was before. This try does not count, and our staff know of it.",
        )
    title = "Your link is ready to look at" if _is_link(order) else "Your article is ready to read"
    return Headline(title, "Read it, ask for changes, or send it to our editor. Nothing is published before that.")


def _unpaid(due: str, declined: bool, confirming: bool) -> Headline:
    if declined:
        return Headline(
            "Your payment was declined",
            f"Nothing was charged. Try again, and we start as soon as {due} is paid.",
        )
    if confirming:
        return Headline(
            "Confirming your payment",
            f"We start as soon as your {due} is confirmed. That usually takes a few seconds.",
        )
    return Headline("Your order waits for its payment", f"We start as soon as {due} is paid. Nothing was charged yet.")


def _when(waiting: bool, likely_seconds: int | None, held: bool, late: bool) -> str:
    if held:
        return "Nothing new starts just now; your place in line is kept. "
    if late:
        return "It takes longer than usual this time. "
    # Counted from the start: the estimate does not shrink while parts get done.
    expected = "We expect it in" if waiting else "It usually takes"
    return f"{expected} {in_words(likely_seconds)}. " if likely_seconds else ""


def _in_work(order: Order, waiting: bool, when: str) -> Headline:
    work = ("We are placing your link", "Your link is in line")
    if not _is_link(order):
        work = ("We are writing your article", "Your article is in line")
    if order.current_version_id:
        work = ("We are making your changes", "Your changes are in line")
    return Headline(
        work[waiting], f"{when}You can close this page: we will write to {masked(order.email)} when it is ready."
    )


def _published(order: Order) -> Headline:
    if order.article and not order.article.public_url:
        return Headline(
            "Your article was taken from readers",
            "It was published, and our staff have taken it back. Answer any of our mails if you want to know more.",
        )
    return Headline("Your article is published", "Thank you for your order. This page stays here.")


def _cancelled(order: Order) -> Headline:
    why = {
        CancelReason.PAYMENT_EXPIRED: "It was not paid within a day, so nothing was charged and nothing was written.",
        CancelReason.CUSTOMER: "You cancelled it.",
        CancelReason.STAFF: "Our staff cancelled it.",
        CancelReason.REFUNDED: "Your payment was sent back, so we stopped.",
        CancelReason.WITHDRAWAL: "You withdrew from the contract.",
    }.get(order.cancel_reason, "Nothing more will happen to it.")
    return Headline("This order was cancelled", why)


def refusal(problem: Conflict) -> str:
    """Why something could not be done, and what there is instead."""
    if problem.code == "wrong_status":
        return "The order has moved on since you opened this page. What you see now is where it stands."
    return str(problem)


def refund(refund: Refund) -> str:
    """Where the money that goes back is, and what its customer has to do."""
    return {
        RefundStatus.PENDING: f"Your refund of {refund.amount_text} is on its way. You need not do anything for it.",
        RefundStatus.SUCCEEDED: f"We have sent {refund.amount_text} back to you. "
        "Banks often take 5 to 10 days to show it.",
        RefundStatus.FAILED: f"Our refund of {refund.amount_text} could not be delivered. Our staff know and look for "
        "another way; you can answer any of our mails.",
    }.get(
        RefundStatus(refund.status),
        f"Your refund of {refund.amount_text} is requested. You need not do anything for it.",
    )


def writer(version) -> str:
    """Who wrote it, for the list of facts."""
    if version.generator == "extract":
        return "Automatic extract, no AI"
    if version.generator == "person":  # a link was put into a text that somebody brought
        return "A person, and your link's sentence by AI" if version.model else "A person"
    return "SmolLM2-135M, built in" if version.is_demo else f"{version.model} ({version.provider})"


def stage(name: str) -> str:
    """What the writer does in the stage of this name, for "Now: ..."; "(try 2 of 3)" behind the name stays."""
    name, _, tries = name.partition(" (")
    doing = {
        "preparing": "planning the sections",
        "generating": "writing the sections one by one",
        "quality_check": "checking the text",
        "saving": "saving the article",
    }.get(name, name)
    return f"{doing} ({tries}" if tries else doing


def seconds(taken: float) -> str:
    """A time that was measured: "12 seconds", "3 min 5 s"."""
    whole = max(1, round(taken))
    if whole < 60:
        return f"{whole} second{'' if whole == 1 else 's'}"
    return f"{whole // 60} min {whole % 60} s"


def cause(error_kind: str) -> str:
    """Why no article could be written, from the job's kind of error; only what is true of all errors if unknown."""
    if error_kind in ("refusal", "content_filter"):
        return "The AI service refused to write about this topic."
    if error_kind in ("rate_limit", "overloaded", "timeout", "server", "connection"):
        return "The AI service could not be reached or was too busy, at several tries. Your topic was not the cause."
    return "The AI service gave us no article that we could use."


def masked(email: str) -> str:
    """Enough of an address to recognise one's own: "a***@example.com"."""
    name, _, host = email.rpartition("@")
    return f"{name[:1]}***@{host}"
