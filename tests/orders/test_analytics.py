"""How the products do, counted from the rows of orders, money and models."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aiproviders.models import AICall
from orders import analytics
from orders.actors import Actor
from orders.models import Order, OrderEvent, Refund
from orders.transitions import record
from tests.orders.builders import make_order, make_paid_order, make_product
from tests.orders.stages import cancelled, given_up, published

pytestmark = pytest.mark.django_db


def spend(order, cost: str) -> None:
    job = str(order.current_job)
    record(order, "job_started", actor=Actor("worker", job), data={"job": job})
    asked = {"provider": "openai", "model_asked": "m", "milliseconds": 1}
    AICall.objects.create(job_id=order.current_job, cost=Decimal(cost), **asked)


def test_orders_money_failures_and_pace_of_a_product():
    done, failed, back = published(), given_up(), cancelled()
    make_order()
    Refund.objects.filter(payment__order=back).update(status="succeeded")
    spend(done, "0.25")
    spend(failed, "0.15")
    OrderEvent.objects.filter(order=done, action="job_done").update(at=done.paid_at + datetime.timedelta(hours=3))
    other = make_product(slug="none", name="Nobody buys it")
    rows = {row.product.slug: row for row in analytics.by_product(30)}
    row = rows["article-400"]
    assert (row.orders, row.paid, row.failed, row.published, row.failure_rate) == (4, 3, 1, 1, 33)
    assert (row.revenue, row.cost, row.margin, row.hours) == ("$98.00", Decimal("0.40"), Decimal("97.60"), 3.0)
    empty = rows[other.slug]
    assert (empty.orders, empty.revenue, empty.failure_rate, empty.hours) == (0, "$0.00", None, None)


def test_older_orders_are_left_out():
    order = make_paid_order()
    Order.objects.filter(pk=order.pk).update(created_at=timezone.now() - datetime.timedelta(days=31))
    assert analytics.by_product(30)[0].orders == 0 and analytics.by_product(90)[0].orders == 1


def test_another_currency_has_no_margin_in_dollars():
    make_paid_order(product=make_product(slug="euro", currency="eur"))
    row = analytics.by_product(30)[0]
    assert (row.revenue, row.margin) == ("€49.00", None)


def test_the_page_has_periods_and_its_queries_do_not_grow(admin_client):
    def count(query: str = "") -> int:
        with CaptureQueriesContext(connection) as queries:
            page = admin_client.get(f"/admin/orders/product/analytics/{query}")
        assert page.status_code == 200
        return len(queries)

    published()
    few = count()
    for number in range(3):
        published()
        make_product(slug=f"more-{number}")
    assert count() == few
    assert "last 366 days" in admin_client.get("/admin/orders/product/analytics/?days=366").content.decode()
    assert "last 30 days" in admin_client.get("/admin/orders/product/analytics/?days=x").content.decode()
