"""Rows of the outbox: a mail is rendered and written in the transaction of the change that it tells of."""

import hashlib
import uuid

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from orders import payments
from orders.models import Mail, Order
from queues.models import Job
from queues.services import enqueue_many

# Stands in the row for the customer's link, which is a key and is put in only when the mail goes out.
LINK_MARK = "%ORDER-LINK%"


def to_customer(order: Order, kind: str, *, about: str, **context) -> Mail | None:
    """The row of this mail. `about` tells apart the mails of one kind of one order: a change that is made again
    writes no second row. None when the customer's data was erased."""
    return next(iter(to_customers(kind, [(order, about)], **context)), None)


def to_customers(kind: str, letters: list[tuple[Order, str]], **context) -> list[Mail]:
    """The same for several orders, each with its `about`; those whose data was erased get none."""
    ours = [(order, key(order.pk, kind, about), order.email) for order, about in letters if not order.is_erased]
    return _rows(kind, ours, status_url=LINK_MARK, **context)


def to_staff(order: Order, kind: str, *, about: str, **context) -> list[Mail]:
    """One row for each of ALERT_EMAILS, with the address of the order's page in the admin."""
    page = settings.PUBLIC_URL + reverse("admin:orders_order_change", args=[order.pk])
    ours = [(order, key(order.pk, kind, f"{about}:{digest(to)}"), to) for to in settings.ALERT_EMAILS]
    return _rows(kind, ours, status_url=page, **context)


def key(order_id: uuid.UUID, kind: str, about: str) -> str:
    """The `dedupe_key` of a mail."""
    return f"{order_id}:{kind}:{about}"


def digest(text: str) -> str:
    """Tells texts apart in a key without repeating them."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def turn(order: Order, *also: str) -> int:
    """The audit row that brought the order into its state, or a later one of the actions `also`: for the key of what
    may be told again after it."""
    return order.events.filter(~Q(to_status="") | Q(action__in=also)).values_list("pk", flat=True).last()


def ask_to_send(*mails: Mail) -> list[Job]:
    """Asks for the jobs that send them; while one is open, for no second one."""
    args, keys = [{"mail_id": mail.pk} for mail in mails], [job_key(mail.pk) for mail in mails]
    return enqueue_many("orders.send_mail", args, subjects=[mail.order for mail in mails], dedupe_keys=keys)


def job_key(mail_id: int) -> str:
    return f"mail:{mail_id}"


def _rows(kind: str, letters: list[tuple[Order, str, str]], **context) -> list[Mail]:
    """The mails of these orders, keys and addresses; the rows that are not there yet are written."""
    keys = [key for _, key, _ in letters]
    known = _by_key(keys)
    if new := [_rendered(*letter, kind, context) for letter in letters if letter[1] not in known]:
        Mail.objects.bulk_create(new, ignore_conflicts=True)  # somebody may write the same one at this moment
        known = _by_key(keys)
        ask_to_send(*(known[mail.dedupe_key] for mail in new))
    return [known[key] for key in keys]


def _by_key(keys: list[str]) -> dict[str, Mail]:
    return {mail.dedupe_key: mail for mail in Mail.objects.filter(dedupe_key__in=keys).select_related("order")}


def _rendered(order: Order, key: str, to: str, kind: str, context: dict) -> Mail:
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
