"""A new link to an order for somebody who has only their e-mail address. What they are told is always the same."""

import datetime

from django.db import transaction
from django.utils import timezone

from orders import emails, selectors
from orders.models import Mail, Order
from orders.transitions import locked

ONCE_IN = datetime.timedelta(hours=24)


def send_link(*, email: str, order_id: str = "") -> bool:
    """Mails the link of this order, or of the newest one, if `email` is its address; once a day for an address.

    Says whether a mail was written: not for the ears of whoever asks.
    """
    order = selectors.order_by_text(order_id) if order_id else selectors.newest_order_of(email)
    if order is None or order.email.casefold() != email.strip().casefold():
        return False
    with transaction.atomic():
        return _send(locked(order.pk))


def _send(order: Order) -> bool:
    recent = Mail.objects.filter(kind="link_resend", to__iexact=order.email, created_at__gt=timezone.now() - ONCE_IN)
    if recent.exists():
        return False
    emails.link_resend(order)
    return True
