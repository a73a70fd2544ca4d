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
from queues.services import enqueue

# Stands in the row for the customer's link, which is a key and is put in only when the mail goes out.
LINK_MARK = "%ORDER-LINK%"


def to_customer(order: Order, kind: str, *, about: str, **context) -> Mail | None:
    """The row of this mail. `about` tells apart the mails of one kind of one order: a change that is made again
    writes no second row. None when the customer's data was erased."""
    if order.is_erased:
        return None
    return _row(order, kind, key=key(order.pk, kind, about), to=order.email, status_url=LINK_MARK, **context)


def to_staff(order: Order, kind: str, *, about: str, **context) -> list[Mail]:
    """One row for each of ALERT_EMAILS, with the address of the order's page in the admin."""
    page = settings.PUBLIC_URL + reverse("admin:orders_order_change", args=[order.pk])
    return [
        _row(order, kind, key=key(order.pk, kind, f"{about}:{digest(to)}"), to=to, status_url=page, **context)
        for to in settings.ALERT_EMAILS
    ]


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


def ask_to_send(mail: Mail) -> Job:
    """Asks for the job that sends it; while one is open, for no second one."""
    return enqueue("orders.send_mail", args={"mail_id": mail.pk}, dedupe_key=job_key(mail.pk), subject=mail.order)


def job_key(mail_id: int) -> str:
    return f"mail:{mail_id}"


def _row(order: Order, kind: str, *, key: str, to: str, **context) -> Mail:
    if written := Mail.objects.filter(dedupe_key=key).first():
        return written
    is_sandbox = not payments.backend().livemode
    context |= {"order": order, "is_sandbox": is_sandbox}
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    mail, created = Mail.objects.get_or_create(
        dedupe_key=key,
        defaults={
            "order": order,
            "kind": kind,
            "to": to,
            "subject": "[TEST] " * is_sandbox + render_to_string(f"emails/{kind}-subject.txt", context).strip(),
            "text": render_to_string(f"emails/{kind}-body-text.txt", context),
            "html": render_to_string(f"emails/{kind}-body-html.html", context),
            "message_id": f"<{uuid.uuid5(order.pk, key).hex}@{domain}>",
        },
    )
    if created:
        ask_to_send(mail)
    return mail
