"""What customers are told by mail: one function a message, three files of templates/emails each.

Each writes its row and asks for its delivery inside the caller's transaction, so a mail goes out exactly when
the change that it tells of was committed, and once however often that code runs.
"""

import uuid

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from orders.models import Mail, Order, Payment, Refund, RevisionRequest
from queues.services import enqueue

# Stands in the row for the customer's link, which is a key and is put in only when the mail goes out.
LINK_MARK = "%ORDER-LINK%"


def order_paid(order: Order, payment: Payment) -> Mail:
    """The receipt, with the link to the order's page."""
    return _queue(order, "order_paid", about=str(payment.pk))


def article_ready(order: Order) -> Mail:
    """The article waits for the customer's review."""
    version = order.current_version
    return _queue(order, "article_ready", about=f"v{version.number}", version=version)


def backlink_integrated(order: Order) -> Mail:
    """The link stands in the article and waits for the customer's review."""
    version = order.current_version
    return _queue(order, "backlink_integrated", about=f"v{version.number}", version=version)


def revision_ready(order: Order) -> Mail:
    """The changes are made and wait for the customer's review."""
    version = order.current_version
    return _queue(order, "revision_ready", about=f"v{version.number}", version=version)


def revision_failed(order: Order, revision: RevisionRequest) -> Mail:
    """The changes could not be made; the last version is there as before."""
    return _queue(order, "revision_failed", about=str(revision.pk), version=order.current_version)


def order_failed(order: Order) -> Mail:
    """No article could be written; the money goes back."""
    return _queue(order, "order_failed", about="final")


def refunded(order: Order, refund: Refund) -> Mail:
    """Money went back."""
    return _queue(order, "refunded", about=str(refund.pk), refund=refund)


def link_resend(order: Order) -> Mail:
    """The link to the order's page, for somebody who has lost it. How often, is for resending.py to say."""
    return _queue(order, "link_resend", about=timezone.now().isoformat())


def _queue(order: Order, kind: str, *, about: str, **context) -> Mail:
    """`about` tells apart the mails of one kind of one order: a retried change writes no second row."""
    context |= {"order": order, "status_url": LINK_MARK, "is_sandbox": settings.PAYMENTS == "sandbox"}
    key = f"{order.pk}:{kind}:{about}"
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    mail, created = Mail.objects.get_or_create(
        dedupe_key=key,
        defaults={
            "order": order,
            "kind": kind,
            "to": order.email,
            "subject": " ".join(render_to_string(f"emails/{kind}-subject.txt", context).split()),
            "text": render_to_string(f"emails/{kind}-body-text.txt", context),
            "html": render_to_string(f"emails/{kind}-body-html.html", context),
            "message_id": f"<{uuid.uuid5(order.pk, key).hex}@{domain}>",
        },
    )
    if created:
        enqueue("orders.send_mail", args={"mail_id": mail.pk}, dedupe_key=f"mail:{mail.pk}", subject=order)
    return mail
