"""Customers who do not answer, and work that does not come: reminders, and what happens without them in the end."""

import datetime
import uuid

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from orders import emails, letters, reviews, worklists
from orders.actors import SYSTEM
from orders.models import Mail, Order, OrderEvent
from orders.payments import checkouts
from orders.states import OrderStatus
from orders.transitions import flag, locked, record
from queues import clock

DAY = datetime.timedelta(days=1)
REMINDERS = (3, 7)  # days without an answer
SUBMITTED = 14  # days after which the editor gets the version as it is
UNPAID = datetime.timedelta(hours=1)
UNPAID_ENDS = datetime.timedelta(hours=24)


def attend() -> dict[str, int]:
    """Everything that is due now; returns how many of each. However often it is called, each happens once."""
    now = clock.now()
    return {
        "submitted": _submit_silent(now),
        "reminded": sum(_remind_of_review(now, day) for day in REMINDERS),
        "reminded_to_pay": _remind_to_pay(now),
        "overdue": _flag_overdue(),
    }


def _silent(now: datetime.datetime, days: int) -> QuerySet[Order]:
    """Orders whose customer has had a version before them for so long; `since` is the event that brought it."""
    arrivals = OrderEvent.objects.filter(order=OuterRef("pk"), to_status=OrderStatus.QUALITY_CHECK).order_by("-id")
    orders = Order.objects.filter(status=OrderStatus.QUALITY_CHECK)
    orders = orders.annotate(since=Subquery(arrivals.values("pk")[:1]), since_at=Subquery(arrivals.values("at")[:1]))
    return orders.filter(since_at__lte=now - days * DAY)


def _still_silent(order_id: uuid.UUID, since: int) -> Order | None:
    """The order, locked, if nothing has happened to it since."""
    order = locked(order_id)
    last = order.events.filter(to_status=OrderStatus.QUALITY_CHECK).last()
    return order if order.status == OrderStatus.QUALITY_CHECK and last and last.pk == since else None


def _submit_silent(now: datetime.datetime) -> int:
    return sum(_submit(pk, since) for pk, since in _silent(now, SUBMITTED).values_list("pk", "since"))


@transaction.atomic
def _submit(order_id: uuid.UUID, since: int) -> bool:
    order = _still_silent(order_id, since)
    if order is None:
        return False
    reviews.submit_for_review(order_id=order.pk, version_id=order.current_version_id, actor=SYSTEM)
    return True


def _remind_of_review(now: datetime.datetime, day: int) -> int:
    """The last reminder that is due, and none before it: after an outage nobody gets two at once."""
    following = next(later for later in (*REMINDERS, SUBMITTED) if later > day)
    due = _silent(now, day).filter(since_at__gt=now - following * DAY).values_list("pk", "since")
    keys = {letters.key(pk, "review_reminder", f"{since}:day{day}"): pk for pk, since in due}
    sent = set(Mail.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True))
    return sum(_remind(keys[key], day) for key in keys.keys() - sent)


@transaction.atomic
def _remind(order_id: uuid.UUID, day: int) -> bool:
    order = locked(order_id)
    since = order.events.filter(to_status=OrderStatus.QUALITY_CHECK).last()
    if order.status != OrderStatus.QUALITY_CHECK or clock.now() < since.at + day * DAY:
        return False
    emails.review_reminder(order, since, day, (since.at + SUBMITTED * DAY).date())
    return True


def _remind_to_pay(now: datetime.datetime) -> int:
    """Once an address and day, so that nobody fills a stranger's mailbox with orders. Who orders many at once by the
    API knows."""
    unpaid = Order.objects.filter(Q(batch=None) | Q(owner=None), status=OrderStatus.PENDING_PAYMENT)
    unpaid = unpaid.filter(created_at__lte=now - UNPAID, created_at__gt=now - UNPAID_ENDS)
    due = unpaid.exclude(Exists(_reminders(OuterRef("email"), now))).order_by("created_at")
    return sum(_remind_one_to_pay(pk) for pk in due.values_list("pk", flat=True))


def _reminders(email, now: datetime.datetime) -> QuerySet[Mail]:
    return Mail.objects.filter(kind="payment_reminder", to=email, created_at__gt=now - UNPAID_ENDS)


@transaction.atomic
def _remind_one_to_pay(order_id: uuid.UUID) -> bool:
    order = locked(order_id)
    if order.status != OrderStatus.PENDING_PAYMENT or _reminders(order.email, clock.now()).exists():
        return False
    return emails.payment_reminder(order, list(checkouts.together(order))) is not None


def _flag_overdue() -> int:
    noticed = OrderEvent.objects.filter(order=OuterRef("pk"), action="overdue")
    return sum(_flag(pk) for pk in worklists.overdue().exclude(Exists(noticed)).values_list("pk", flat=True))


@transaction.atomic
def _flag(order_id: uuid.UUID) -> bool:
    order = locked(order_id)
    if not worklists.overdue().filter(pk=order_id).exists() or order.events.filter(action="overdue").exists():
        return False
    record(order, "overdue", actor=SYSTEM)
    if not order.needs_attention:
        flag(order, f"Its first version was due on {timezone.localtime(order.due_at):%d %B %Y, %H:%M} UTC.")
    return True
