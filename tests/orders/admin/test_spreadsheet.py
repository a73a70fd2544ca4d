"""Orders as CSV: what was found in the list, and nothing that a spreadsheet would run."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.admin.spreadsheet import harmless
from tests.orders.builders import make_order, make_paid_order

pytestmark = pytest.mark.django_db


def export(client, orders) -> list[dict]:
    chosen = {"action": "export_csv", "_selected_action": [str(order.pk) for order in orders]}
    answer = client.post("/admin/orders/order/", chosen)
    assert answer["Content-Type"].startswith("text/csv") and "no-store" in answer["Cache-Control"]
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_each_order_is_a_line(admin_client):
    paid, unpaid = make_paid_order(), make_order()
    make_order(email="left.out@example.com")
    lines = {line["code"]: line for line in export(admin_client, [paid, unpaid])}
    assert set(lines) == {paid.code, unpaid.code}
    assert (lines[paid.code]["payment"], lines[unpaid.code]["payment"]) == ("paid", "unpaid")
    assert lines[paid.code]["amount"] == "4900" and lines[paid.code]["status"] == "PROCESSING"


@pytest.mark.parametrize("topic", ["=HYPERLINK(1)", "+1+1", "-2 degrees", "@SUM(A1)", " =1+1"])
def test_what_looks_like_a_formula_is_text(topic):
    assert harmless(topic) == f"'{topic}"


def test_other_texts_stay_as_they_are():
    assert [harmless(cell) for cell in ("a=b", 4900, None, "")] == ["a=b", "4900", "", ""]


def test_a_formula_of_a_customer_leaves_as_text(admin_client):
    order = make_order(topic="=cmd|' /C calc'!A0 and more words")
    assert export(admin_client, [order])[0]["topic"].startswith("'=cmd")


def test_many_orders_need_no_more_queries(admin_client):
    orders = [make_paid_order() for _ in range(3)]
    counts = []
    for chosen in (orders[:1], orders):
        with CaptureQueriesContext(connection) as queries:
            export(admin_client, chosen)
        counts.append(len(queries))
    assert counts[0] == counts[1]
