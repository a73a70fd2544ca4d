"""Rows of the outbox: a mail is rendered and written in the transaction of the change that it tells of."""

import hashlib
import uuid
from typing import Any

from django.conf import settings
from django.db.models import Max, Q
from django.template.loader import render_to_string
from django.urls import reverse

from orders import payments
from orders.models import Mail, Order, OrderEvent
from queues.models import Job
from queues.services import enqueue_many

# Stands in the row for the customer's link, which is a key and is put in only when the mail goes out.
LINK_MARK = "%ORDER-LINK%"
# An order, what tells apart the mails of one kind of one order, and what its templates need beside the order.
Letter = tuple[Order, str, dict[str, Any]]


def to_customer(order: Order, kind: str, *, about: str, **context) -> Mail | None:
    """The row of this mail. `about` tells apart the mails of one kind of one order: a change that is made again
    writes no second row. None when the customer's data was erased."""
    return next(iter(to_customers(kind, [(order, about, context)])), None)


def to_customers(kind: str, letters: list[Letter]) -> list[Mail]:
    """The same for several orders, each with its `about` and its context; those whose data was erased get none."""
    ours = [
        (order, key(order.pk, kind, about), order.email, context | {"status_url": LINK_MARK})
        for order, about, context in letters
        if not order.is_erased
    ]
    return _rows(kind, ours)


def to_staff(kind: str, letters: list[Letter]) -> list[Mail]:
    """One row of each for each of ALERT_EMAILS, with the address of the order's page in the admin."""
    ours = []
    for order, about, context in letters:
        page = settings.PUBLIC_URL + reverse("admin:orders_order_change", args=[order.pk])
        for to in settings.ALERT_EMAILS:
            ours.append((order, key(order.pk, kind, f"{about}:{digest(to)}"), to, context | {"status_url": page}))
    return _rows(kind, ours)


def key(order_id: uuid.UUID, kind: str, about: str) -> str:
    """The `dedupe_key` of a mail."""
    return f"{order_id}:{kind}:{about}"


def digest(text: str) -> str:
    """Tells texts apart in a key without repeating them."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def turn(order: Order, *also: str) -> int | None:
    """The audit row that brought the order into its state, or a later one of the actions `also`: for the key of what
    may be told again after it."""
    return turns([order], *also).get(order.pk)


def turns(orders: list[Order], *also: str) -> dict[uuid.UUID, int]:
    """The same of several orders, by their ids."""
    rows = OrderEvent.objects.filter(~Q(to_status="") | Q(action__in=also), order__in=orders)
    return dict(rows.order_by().values_list("order").annotate(Max("pk")))


def ask_to_send(*mails: Mail) -> list[Job]:
    """Asks for the jobs that send them; while one is open, for no second one."""
    args, keys = [{"mail_id": mail.pk} for mail in mails], [job_key(mail.pk) for mail in mails]
    return enqueue_many("orders.send_mail", args, subjects=[mail.order for mail in mails], dedupe_keys=keys)


def job_key(mail_id: int) -> str:
    return f"mail:{mail_id}"


def _rows(kind: str, letters: list[tuple[Order, str, str, dict]]) -> list[Mail]:
    """The mails of these orders, keys, addresses and contexts; the rows that are not there yet are written."""
    keys = [key for _, key, _, _ in letters]
    known = _by_key(keys)
    if new := [_rendered(kind, *letter) for letter in letters if letter[1] not in known]:
        Mail.objects.bulk_create(new, ignore_conflicts=True)  # somebody may write the same one at this moment
        known = _by_key(keys)
        ask_to_send(*(known[mail.dedupe_key] for mail in new))
    return [known[key] for key in keys]


def _by_key(keys: list[str]) -> dict[str, Mail]:
    return {mail.dedupe_key: mail for mail in Mail.objects.filter(dedupe_key__in=keys).select_related("order")}


def _rendered(kind: str, order: Order, key: str, to: str, context: dict) -> Mail:
    is_sandbox = not payments.backend().livemode
    context = context | {"order": order, "is_sandbox": is_sandbox}
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    return Mail(
        order=order,
        kind=kind,
        dedupe_key=key,
        to=to,
        subject="[TEST] " * is_sandbox + render_to_string(f"emails/{kind}-subject.txt", context).strip(),
        text=render_to_string(f"emails/{kind}-body-text.txt", context),
        html=render_to_string(f"emails/{kind}-body-html.html", context),
        message_id=f"<{uuid.uuid5(order.pk, key).hex}@{domain}>",
    )
