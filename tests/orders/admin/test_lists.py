"""Staff see everything and change nothing that a service should change."""

import pytest
from django.contrib.admin.utils import quote
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.actors import SYSTEM
from orders.models import Order, Product, StripeEvent
from orders.payments.refunds import request_refund
from orders.transitions import record
from tests.orders.builders import deliver, make_order, make_paid_order, make_product, session_event

pytestmark = pytest.mark.django_db


def page(client, model: str, action: str = "changelist", *args) -> str:
    response = client.get(reverse(f"admin:orders_{model}_{action}", args=[quote(arg) for arg in args]))
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_shows_orders_with_what_needs_attention(admin_client):
    order = make_paid_order()
    Order.objects.filter(pk=order.pk).update(needs_attention=True, attention_reason="Paid twice")
    listed = page(admin_client, "order")
    for text in (order.code, "Writing", "Paid", "Article, 400 words", "Paid twice"):
        assert text in listed


def test_the_list_and_the_page_need_the_same_queries_for_one_row_and_for_fifty(admin_client):
    def count(*at) -> int:
        with CaptureQueriesContext(connection) as queries:
            page(admin_client, *at)
        return len(queries)

    order = make_paid_order()
    few = count("order"), count("order", "change", order.pk)
    for number in range(49):
        make_paid_order(email=f"{number}@example.com")
        record(order, "looked_at", actor=SYSTEM, data={"number": number})
    request_refund(payment=order.payments.get(), reason="staff", actor=SYSTEM, amount=1)
    request_refund(payment=order.payments.get(), reason="staff", actor=SYSTEM, amount=2)
    assert (count("order"), count("order", "change", order.pk)) == few


def test_an_order_shows_its_money_mails_and_history_and_cannot_be_changed(admin_client):
    order = make_paid_order()
    shown = page(admin_client, "order", "change", order.pk)
    for text in ("payment_confirmed", "We have your payment", "sandbox", "orders.generate_article"):
        assert text in shown
    assert 'name="status"' not in shown and 'name="_save"' not in shown
    address = reverse("admin:orders_order_change", args=[order.pk])
    assert admin_client.post(address, {"status": "COMPLETED"}).status_code == 403
    order.refresh_from_db()
    assert order.status == "PROCESSING"


@pytest.mark.parametrize("model", ["order", "stripeevent", "mail", "refund"])
def test_rows_of_the_services_are_neither_added_nor_deleted_by_hand(admin_client, model):
    assert admin_client.get(reverse(f"admin:orders_{model}_add")).status_code == 403
    order = make_order()
    assert admin_client.post(reverse("admin:orders_order_delete", args=[order.pk])).status_code == 403
    assert Order.objects.count() == 1


def test_events_mails_and_refunds_have_their_lists(admin_client, client):
    order = make_order()
    deliver(client, session_event(order))
    order.refresh_from_db()
    request_refund(payment=order.payments.get(), reason="order_failed", actor=SYSTEM)
    assert StripeEvent.objects.get().pk in page(admin_client, "stripeevent")
    assert "order_paid" in page(admin_client, "mail")
    assert "$49.00" in page(admin_client, "refund")
    for model, row in (("stripeevent", StripeEvent.objects.get()), ("mail", order.mails.get())):
        assert page(admin_client, model, "change", row.pk)


def test_products_are_edited_here(admin_client):
    product = make_product()
    fields = {"slug": "article-400", "name": "Short article", "kind": "article", "price": 5900, "currency": "usd"}
    rest = {"words": 400, "included_revisions": 5, "delivery_hours": 24, "active": "on"}
    response = admin_client.post(reverse("admin:orders_product_change", args=[product.pk]), fields | rest)
    assert response.status_code == 302
    assert Product.objects.get().price_text == "$59.00"


@pytest.mark.parametrize("currency", ["USD", "us", "u$d", "kwd", "\u00fcsd"])
def test_a_product_in_a_currency_that_no_payment_would_match_is_refused(admin_client, currency):
    product = make_product()
    fields = {"slug": "article-400", "name": "Article", "kind": "article", "price": 5900, "currency": currency}
    rest = {"words": 400, "included_revisions": 5, "delivery_hours": 24, "active": "on"}
    response = admin_client.post(reverse("admin:orders_product_change", args=[product.pk]), fields | rest)
    assert response.status_code == 200 and "currency" in response.context["adminform"].form.errors
    assert Product.objects.get().currency == "usd"
