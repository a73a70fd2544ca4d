"""Orders in every state that their customer can see, brought there by the product's own services where possible."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from content.articles.publishing import publish
from orders import cancelling, decisions, links, publishing, reviews, revisions
from orders.actors import CUSTOMER, SYSTEM
from orders.fulfilment import revision_failed
from orders.models import Order, PaymentStatus, Refund, RefundStatus
from orders.models.catalogue import ProductKind
from orders.payments import checkouts
from queues.models import Job
from tests.orders import stages
from tests.orders.builders import make_batch, make_order, make_paid_order, make_product, make_version

NOTES = (
    "Please make the introduction shorter, and mention our study of 2026.\n\nThe last section repeats the second one."
)


def declined() -> Order:
    order = make_order()
    order.payments.update(status=PaymentStatus.FAILED, failure="Your card was declined.")
    return order


def in_line() -> Order:
    make_paid_order()
    return make_paid_order()


def writing() -> Order:
    return _at_work(make_paid_order())


def delayed() -> Order:
    order = writing()
    Job.objects.filter(pk=order.current_job).update(state="delayed")
    return order


def placing_a_link() -> Order:
    article = publish(title="Coffee at home", content="The first.\n\nThe second, in the middle.\n\nThe last.")
    product = make_product(slug="link", name="A link in an article", kind=ProductKind.BACKLINK, price=1900)
    return _at_work(make_paid_order(product=product, article_id=article.pk, topic=""))


def revising() -> Order:
    order = stages.written()
    _ask(order)
    return _at_work(stages.fresh(order))


def revised() -> Order:
    """Two versions; the second is what the customer asked for."""
    return stages.finish(revising())


def unchanged() -> Order:
    """The wish could not be met."""
    order = stages.written()
    _, job = _ask(order)
    Job.objects.filter(pk=job.pk).update(state="failed", error_kind="timeout")
    with transaction.atomic():
        revision_failed(Job.objects.get(pk=job.pk))
    return stages.fresh(order)


def used_up() -> Order:
    order = stages.written()
    Order.objects.filter(pk=order.pk).update(included_revisions=0)
    return stages.fresh(order)


def claimed() -> Order:
    order = stages.submitted()
    reviews.claim(order_id=order.pk, staff=stages.make_staff())
    return order


def sent_back() -> Order:
    order = stages.submitted()
    decisions.reject(order_id=order.pk, note="Two numbers have no source. Name one or leave them.", staff=_editor())
    return stages.fresh(order)


def reworked() -> Order:
    """The editor's wish is being worked on."""
    order = stages.submitted()
    revisions.rework(order_id=order.pk, note="The second section needs a source.", staff=_editor())
    return _at_work(stages.fresh(order))


def withdrawn() -> Order:
    order = stages.written()
    return cancelling.cancel(order_id=order.pk, actor=CUSTOMER)


def expired() -> Order:
    return checkouts.expire_payment(order_id=make_order().pk, actor=SYSTEM)


def refund(status: str) -> Callable[[], Order]:
    def order() -> Order:
        made = stages.given_up()
        failure = "The card's account is closed." if status == RefundStatus.FAILED else ""
        settled = timezone.now() if status in (RefundStatus.SUCCEEDED, RefundStatus.FAILED) else None
        Refund.objects.filter(payment__order=made).update(status=status, failure=failure, settled_at=settled)
        return made

    return order


def _editor():
    return stages.make_staff()


def _ask(order: Order):
    version = order.current_version_id
    return revisions.request_revision(order_id=order.pk, notes=NOTES, version_id=version, actor=CUSTOMER)


def _at_work(order: Order) -> Order:
    Job.objects.filter(pk=order.current_job).update(
        state="active", progress=3, total=7, stage="generating", started_at=timezone.now()
    )
    Job.objects.get(pk=order.current_job).events.create(message="Outline ready: 4 sections")
    return order


def _demo() -> Order:
    order = stages.written()
    version = make_version(order, is_demo=True)
    Order.objects.filter(pk=order.pk).update(current_version=version)
    return order


def taken_from_readers() -> Order:
    order = stages.published()
    return publishing.take_from_readers(order_id=order.pk, staff=stages.make_staff(), note="A reader complained.")


STATES: dict[str, Callable[[], Order]] = {
    "unpaid": make_order,
    "one of three, unpaid": lambda: make_batch(4900, 2900, 700)[1],
    "declined": declined,
    "confirming": make_order,
    "in line": in_line,
    "writing": writing,
    "delayed": delayed,
    "placing a link": placing_a_link,
    "to read": stages.written,
    "to read, a demo": _demo,
    "revising": revising,
    "revised": revised,
    "revision failed": unchanged,
    "revisions used up": used_up,
    "with the editor": stages.submitted,
    "being read by the editor": claimed,
    "sent back": sent_back,
    "reworked": reworked,
    "scheduled": stages.scheduled,
    "published": stages.published,
    "taken from readers": taken_from_readers,
    "failed": stages.given_up,
    "failed, refund on its way": refund(RefundStatus.PENDING),
    "failed, refund returned": refund(RefundStatus.SUCCEEDED),
    "failed, refund failed": refund(RefundStatus.FAILED),
    "failed, refund called off": refund(RefundStatus.CANCELED),
    "cancelled": stages.cancelled,
    "withdrawn": withdrawn,
    "expired": expired,
}


# Pages of an order beside its own: name -> the state it is taken from, and what follows the order's address.
SUBPAGES: dict[str, tuple[str, str]] = {
    "send to the editor": ("to read", "/submit"),
    "cancel": ("in line", "/cancel"),
    "cancel, unpaid": ("unpaid", "/cancel"),
    "withdraw": ("to read", "/cancel"),
    "an older version": ("revised", "/versions/1"),
    "changes": ("revised", "/changes/1-2"),
    "receipt": ("failed, refund returned", "/receipt"),
}


def address(name: str) -> str:
    """The path of the page of this state, with the token, after making the order."""
    order = STATES[name]()
    return links.status_path(order)
