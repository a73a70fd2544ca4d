"""Reading orders: by the customer's link, by a checkout, and as the JSON that API and page are made of."""

import datetime
import uuid

from django.db.models import QuerySet

from orders import history, links, policy, wire
from orders.models import Order, Payment, PaymentStatus, Product, Refund
from orders.money import format_money
from orders.payments import balance
from orders.rights import may_see
from queues.models import Job
from queues.selectors import estimated_seconds, position
from queues.states import OPEN

NOBODY = uuid.UUID(int=0)
# Jobs about an order that write nothing: its customer is shown what they lead to, not them.
ERRANDS = [
    "orders.send_mail",
    "orders.pay_refund",
    "orders.open_checkout",
    "orders.check_payment",
    "orders.close_checkout",
]


def products() -> list[Product]:
    """What is on offer, cheapest first."""
    return list(Product.objects.filter(active=True))


def order_by_id(order_id: uuid.UUID, **also) -> Order | None:
    """The order with the rows that its status is made of, if it fits `also`."""
    rows = Order.objects.select_related("product", "article__domain", "current_version")
    return rows.filter(pk=order_id, **also).first()


def order_by_text(order_id: str) -> Order | None:
    """The same for an id as it came; None for what cannot be one."""
    try:
        return order_by_id(uuid.UUID(order_id))
    except ValueError:
        return None


def orders_of(
    user,
    *,
    status: str = "",
    created_after: datetime.datetime | None = None,
    batch: uuid.UUID | None = None,
) -> QuerySet[Order]:
    """The orders that an API client has made, all of them for staff; with what a line of a list shows."""
    wanted = {"status": status, "created_at__gt": created_after, "batch": batch}
    filters = {name: value for name, value in wanted.items() if value}
    own = {} if may_see(user) else {"owner": user}
    return Order.objects.select_related("product", "article__domain").filter(**own, **filters)


def version_of(order: Order, number: int):
    """The order's version of this number, if it has one."""
    return order.versions.filter(number=number).first()


def order_by_token(order_id: uuid.UUID, token: str) -> Order | None:
    """The order that `token` opens. None for an unknown order and for a wrong token, after the same work: the row with
    all that belongs to it is fetched only for who may see it, because that takes a time that could be measured."""
    version = Order.objects.filter(pk=order_id).values_list("link_version", flat=True).first()
    valid = links.is_valid(NOBODY, 0, token) if version is None else links.is_valid(order_id, version, token)
    return order_by_id(order_id) if valid and version is not None else None


def ordered_with(order: Order) -> QuerySet[Order]:
    """What the same customer ordered in the same form, without the order itself. What an API client orders at once may
    be for different people."""
    if not order.batch or not order.email:
        return Order.objects.none()
    found = Order.objects.filter(batch=order.batch, email=order.email, owner=None).exclude(pk=order.pk)
    return found.order_by("created_at", "pk")


def payment_by_session(session_id: str) -> Payment | None:
    """The payment, the first if they are several, whose checkout has this id, with its order and product."""
    if not session_id:
        return None
    return Payment.objects.select_related("order__product").filter(session_id=session_id, part=0).first()


def payment_that_counts(order: Order) -> Payment | None:
    """The payment that pays for the order, if it came."""
    return order.payments.filter(status=PaymentStatus.CONFIRMED).first()


def money_left(order: Order) -> str:
    """What would go back if the order ended now, such as "$49.00"; empty when nothing would."""
    payment = balance.counting(order)
    left = balance.remaining(payment) if payment else 0
    return format_money(left, payment.currency) if left else ""


def refunds(order: Order) -> list[Refund]:
    """All refunds of the order's payments, oldest first, with their payments."""
    return list(Refund.objects.filter(payment__order=order).select_related("payment"))


def status_payload(order: Order) -> dict:
    """Everything that a customer may know about the order, as JSON in the names of the wire (camelCase).

    A fixed number of queries, however many versions, jobs and events there are.
    """
    jobs = list(Job.objects.for_subject(order).exclude(kind__in=ERRANDS))
    current = next((job for job in jobs if job.pk == order.current_job), None)
    waits = current is not None and current.state in OPEN
    return wire.status(
        order,
        payments=list(order.payments.all()),
        refunds=refunds(order),
        jobs=jobs,
        current=current,
        position=position(current) if waits else None,
        seconds=estimated_seconds(current) if waits else None,
        lines=history.lines(order, current),
        stands=policy.standing(order),
        versions=list(order.versions.order_by("number").defer("markdown", "html")),
    )
