"""Looking at any page of the desk changes nothing."""

import pytest
from django.apps import apps
from django.contrib.admin.utils import quote
from django.contrib.sessions.models import Session
from django.urls import reverse

from orders.admin.actions import ACTIONS
from orders.models import Mail, Refund, Review, StripeEvent
from tests.orders.admin.pages import address
from tests.orders.builders import deliver, make_order, session_event
from tests.orders.stages import STAGES, fresh

pytestmark = pytest.mark.django_db


def everything() -> dict:
    models = [model for model in apps.get_models() if model is not Session]
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in models}


def pages() -> list[str]:
    orders = [fresh(make()) for make in STAGES.values()]
    names = ("order", "review", "mail", "refund", "payment", "product", "stripeevent")
    listed = [reverse(f"admin:orders_{name}_changelist") for name in names if name != "payment"]
    found = [*listed, reverse("admin:orders_product_analytics"), "/admin/", "/admin/orders/"]
    for order in orders:
        found.append(reverse("admin:orders_order_change", args=[order.pk]))
        found += [address(order, name) for name in ACTIONS]
        if order.current_version:
            found.append(reverse("admin:orders_order_version", args=[order.pk, order.current_version.number]))
    rows = [
        (name, row)
        for model, name in ((Review, "review"), (Mail, "mail"), (Refund, "refund"))
        for row in model.objects.all()
    ]
    found += [reverse(f"admin:orders_{name}_change", args=[row.pk]) for name, row in rows]
    for event in StripeEvent.objects.all():
        found.append(reverse("admin:orders_stripeevent_change", args=[quote(event.pk)]))  # "_26" would be read as "&"
        found.append(reverse("admin:orders_stripeevent_replay", args=[event.pk]))
    return found


def test_a_get_of_every_page_changes_nothing(admin_client, client):
    deliver(client, session_event(make_order()))
    wanted = pages()
    before = everything()
    for at in wanted:
        assert admin_client.get(at).status_code == 200, at
    assert everything() == before
    assert len(wanted) > 200


def test_what_does_not_exist_is_not_found(admin_client):
    order = fresh(STAGES["COMPLETED"]())
    nobody = "00000000-0000-4000-8000-000000000000"
    missing = f"order/{order.pk}/version/9/"
    for at in (f"order/{nobody}/change/", "order/x/change/", missing, f"review/{nobody}/change/"):
        assert admin_client.get(f"/admin/orders/{at}").status_code == 404, at


def test_the_page_shows_what_the_order_costs_and_where_stripe_shows_its_payment(admin_client, settings):
    order = fresh(STAGES["COMPLETED"]())
    order.payments.update(provider="stripe", intent_id="pi_123")
    at = reverse("admin:orders_order_change", args=[order.pk])
    settings.STRIPE_SECRET_KEY = "sk_test_x"
    assert "https://dashboard.stripe.com/test/payments/pi_123" in admin_client.get(at).content.decode()
    settings.STRIPE_SECRET_KEY = "sk_live_x"
    page = admin_client.get(at).content.decode()
    assert "https://dashboard.stripe.com/payments/pi_123" in page and "Margin" in page and "sk_live_x" not in page


def test_what_customers_write_is_shown_as_text(admin_client):
    order = STAGES["ADMIN_REVIEW"](notes="<script>alert(1)</script> friendly")
    for at in ("order", order.pk), ("review", order.reviews.get().pk):
        page = admin_client.get(reverse(f"admin:orders_{at[0]}_change", args=[at[1]])).content.decode()
        assert "<script>alert" not in page and "&lt;script&gt;alert" in page
