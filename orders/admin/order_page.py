"""What the page of one order shows to staff. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from aiproviders.selectors import Spend, spend_by_job
from orders import costs, reviewing
from orders.admin import badges
from orders.admin.actions import GROUPS
from orders.admin.actions.base import StaffAction
from orders.models import Order, OrderEvent, Payment, Refund, StripeEvent
from orders.money import format_money
from orders.payments import balance
from orders.wire import payment_status
from queues.models import Job

DASHBOARD = "https://dashboard.stripe.com/"


@dataclass(frozen=True)
class Money:
    """`margin` is in US dollars and None when the order is in another currency."""

    paid: str
    returned: str
    net: str
    cost: Spend
    margin: Decimal | None


@dataclass(frozen=True)
class PaymentLine:
    payment: Payment
    amount: str
    dashboard: str
    refunds: list[Refund]


@dataclass(frozen=True)
class EventLine:
    event: OrderEvent
    by: str
    data: str


def order_page(order: Order, user) -> dict:
    """A fixed number of queries, however many rows the order has; the template shows them in this order."""
    payments = list(order.payments.prefetch_related("refunds__payment"))
    refunds = [refund for payment in payments for refund in payment.refunds.all()]
    events = list(order.events.all())
    return {
        "status": badges.of_status(order),
        "payment": badges.of_payment(payment_status(payments, refunds)),
        "buttons": _groups(order, user),
        "money": _money(order, payments),
        "payments": [_payment(payment) for payment in payments],
        "jobs": _jobs(order),
        "versions": list(order.versions.order_by("-number").defer("markdown", "html")),
        "reviews": list(order.reviews.select_related("version", "staff", "claimed_by")),
        "revisions": list(order.revisions.select_related("base")),
        "mails": list(order.mails.defer("text", "html")),
        "stripe_events": list(_stripe_events(order)),
        "events": _events(events),
    }


def buttons(order: Order, user, wanted: Iterable[StaffAction]) -> list[StaffAction]:
    """Those of `wanted` that `user` may press now."""
    taken = reviewing.is_taken(order, user)
    suited = [action for action in wanted if action.taken in (None, taken)]
    return [action for action in suited if action.possible(order) and action.allowed_for(user, order)]


def _groups(order: Order, user) -> list[tuple[str, list[StaffAction]]]:
    groups = [(title, buttons(order, user, actions)) for title, actions in GROUPS.items()]
    return [(title, actions) for title, actions in groups if actions]


def _money(order: Order, payments: list[Payment]) -> Money:
    paid = sum(balance.paid(payment) for payment in payments)
    returned = sum(balance.returned(payment) for payment in payments)
    spent = costs.of_order(order)
    margin = Decimal(paid - returned) / 100 - spent.cost if order.currency == "usd" and paid else None
    words = [format_money(amount, order.currency) for amount in (paid, returned, paid - returned)]
    return Money(*words, spent, margin)


def _payment(payment: Payment) -> PaymentLine:
    dashboard = ""
    if payment.provider == "stripe" and payment.intent_id:
        mode = "" if settings.STRIPE_SECRET_KEY.startswith(("sk_live", "rk_live")) else "test/"
        dashboard = f"{DASHBOARD}{mode}payments/{payment.intent_id}"
    amount = format_money(payment.amount, payment.currency)
    return PaymentLine(payment, amount, dashboard, list(payment.refunds.all()))


def _jobs(order: Order) -> list[tuple[Job, Spend | None]]:
    jobs = list(Job.objects.for_subject(order))
    spent = spend_by_job(job.pk for job in jobs)
    return [(job, spent.get(job.pk)) for job in jobs]


def _stripe_events(order: Order) -> QuerySet[StripeEvent]:
    """Also those about orders that were paid together with it: they are kept with the first."""
    alike = {"order__batch": order.batch} if order.batch else {"order": order}
    return StripeEvent.objects.filter(**alike).defer("payload")


def _events(events: list[OrderEvent]) -> list[EventLine]:
    """The newest first, with the names of those who did it."""
    people = {event.actor_id for event in events if event.actor_kind in ("staff", "api") and event.actor_id.isdigit()}
    names = {str(user.pk): str(user) for user in get_user_model().objects.filter(pk__in=people)}
    lines = []
    for event in reversed(events):
        by = names.get(event.actor_id, "") if event.actor_kind in ("staff", "api") else ""
        data = ", ".join(f"{name}: {value}" for name, value in event.data.items())
        lines.append(EventLine(event, f"{event.actor_kind}: {by}" if by else event.actor_kind, data))
    return lines
