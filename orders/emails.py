"""What customers are told by mail: one function a message, three files of templates/emails each.

Each writes its row and asks for its delivery inside the caller's transaction, so a mail goes out exactly when
the change that it tells of was committed, and once however often that code runs.
"""

import datetime

from orders.letters import to_customer, to_customers, turn
from orders.models import Mail, Order, OrderEvent, Payment, Refund, Review, RevisionRequest
from orders.money import format_money


def order_paid(*payments: Payment) -> list[Mail]:
    """The receipt of each payment's order, with the link to the order's page."""
    return to_customers("order_paid", [(payment.order, str(payment.pk), {}) for payment in payments])


def payment_reminder(order: Order, together: list[Order]) -> Mail | None:
    """The order, and others that are paid `together` with it, wait for their payment, and will not do so for ever."""
    due = format_money(sum(each.amount for each in together), order.currency)
    return to_customer(order, "payment_reminder", about="unpaid", together=together, due=due)


def article_ready(order: Order) -> Mail | None:
    """The article waits for the customer's review."""
    version = order.current_version
    return to_customer(order, "article_ready", about=f"v{version.number}", version=version)


def backlink_integrated(order: Order) -> Mail | None:
    """The link stands in the article and waits for the customer's review."""
    version = order.current_version
    return to_customer(order, "backlink_integrated", about=f"v{version.number}", version=version)


def revision_ready(order: Order) -> Mail | None:
    """The changes are made and wait for the customer's review."""
    version = order.current_version
    return to_customer(order, "revision_ready", about=f"v{version.number}", version=version)


def revision_failed(order: Order, revision: RevisionRequest) -> Mail | None:
    """The changes could not be made; the last version is there as before."""
    return to_customer(order, "revision_failed", about=str(revision.pk), version=order.current_version)


def review_reminder(order: Order, since: OrderEvent, day: int, submitted_on: datetime.date) -> Mail | None:
    """`day` days after `since` the customer has not answered; on `submitted_on` the editor gets the version."""
    about = f"{since.pk}:day{day}"
    return to_customer(order, "review_reminder", about=about, version=order.current_version, submitted_on=submitted_on)


def changes_requested(order: Order, review: Review) -> Mail | None:
    """The editor has sent the version back with a note."""
    return to_customer(order, "changes_requested", about=str(review.pk), review=review, version=order.current_version)


def scheduled(order: Order, review: Review) -> Mail | None:
    """The version is approved and goes live at `publish_at`."""
    return to_customer(order, "scheduled", about=str(review.pk), version=order.current_version)


def published(order: Order) -> Mail | None:
    """Readers see it now."""
    about = f"v{order.current_version.number}"
    return to_customer(order, "published", about=about, version=order.current_version)


def order_failed(order: Order, refund: Refund | None) -> Mail | None:
    """No article could be written; the money goes back, if any is left that did not go before. An order that staff put
    back in line may fail again: each end is told of by itself."""
    return to_customer(order, "order_failed", about=str(turn(order)), refund=refund)


def cancelled(order: Order, refund: Refund | None) -> Mail | None:
    """It was cancelled or withdrawn from, by whomever; `refund`: of what was left of the money."""
    return to_customer(order, "cancelled", about="final", refund=refund)


def refunded(order: Order, refund: Refund) -> Mail | None:
    """Money went back."""
    return to_customer(order, "refunded", about=str(refund.pk), refund=refund)


def refunded_all(refunds: list[Refund]) -> list[Mail]:
    """The same for several, each to its own order's customer."""
    return to_customers("refunded", [(each.payment.order, str(each.pk), {"refund": each}) for each in refunds])


def link_resend(order: Order, request: str) -> Mail | None:
    """The customer asked for the link again; `request` tells one such wish from the next."""
    return to_customer(order, "link_resend", about=request)
