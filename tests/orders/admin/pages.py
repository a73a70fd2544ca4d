"""Staff with and without rights, and what they press."""

import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders import refunding
from orders.models import Mail, Order, OrderEvent, Payment, Refund, Review, RevisionRequest
from queues.models import Job

NOTE = "Say more about the water, please."
RIGHTS = {
    "review": "review_order",
    "refund": "refund_order",
    "erase": "erase_order",
    "see": "view_order",
    "deliveries": "view_webhookdelivery",
}


def staff_with(*rights: str, name: str = "anna") -> Client:
    """A logged-in browser of a member of staff who is no superuser."""
    user = get_user_model().objects.create_user(name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=[RIGHTS[right] for right in rights]))
    client = Client()
    client.force_login(user)
    return client


def address(order: Order, name: str) -> str:
    return reverse("admin:orders_order_act", args=[order.pk, name])


def fields(order: Order, name: str) -> dict:
    """What a member of staff fills in for the action."""
    soon = timezone.now() + datetime.timedelta(days=2)
    payment = next(iter(refunding.refundable(order)), None)
    refund = order.payments.exclude(refunds=None).values_list("refunds", flat=True).last()
    return {
        "note": NOTE,
        "payment_id": str(payment.pk if payment else ""),
        "refund_id": str(refund or ""),
        "version_id": str(order.current_version_id or ""),
        "publish_at": f"{soon:%Y-%m-%dT%H:%M}",
        "model": "",
        "priority": "rush",
        "amount": "12.50",
        "email": "lovelace@example.com",
        "rel": "nofollow",
    }


def press(client: Client, order: Order, name: str, **changes):
    client.cookies.pop("messages", None)  # what was told before, and not yet shown on a page
    return client.post(address(order, name), fields(order, name) | changes)


def told(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def rows() -> dict:
    """All rows that staff's buttons may write."""
    models = (Order, OrderEvent, Review, RevisionRequest, Payment, Refund, Job, Mail)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}
