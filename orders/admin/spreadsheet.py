"""Orders as a file for a spreadsheet, which takes a text that begins with = for a formula."""

import csv
from collections.abc import Iterable

from django.http import HttpResponse
from django.utils import timezone

from orders.models import Order
from orders.wire import payment_status

HEAD = (
    "code,status,payment,kind,product,amount,currency,priority,e-mail,topic,target address,attention,"
    "ordered,paid,due,goes live"
)
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


def response(orders: Iterable[Order]) -> HttpResponse:
    """One line an order; `orders` come with product, payments and refunds."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="orders-{timezone.now():%Y-%m-%d}.csv"'
    answer["Cache-Control"] = "no-store"
    write = csv.writer(answer).writerow
    write(HEAD.split(","))
    for order in orders:
        write([harmless(cell) for cell in _cells(order)])
    return answer


def harmless(cell: object) -> str:
    """The cell as text; an apostrophe in front keeps a spreadsheet from reading a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULAS) else text


def _cells(order: Order) -> list:
    payments = list(order.payments.all())
    refunds = [refund for payment in payments for refund in payment.refunds.all()]
    moments = [moment and moment.isoformat() for moment in (order.created_at, order.paid_at, order.due_at)]
    return [
        order.code,
        order.status,
        payment_status(payments, refunds),
        order.kind,
        order.product.name,
        order.amount,
        order.currency,
        order.priority,
        order.email,
        order.topic,
        order.target_url,
        order.attention_reason,
        *moments,
        order.publish_at and order.publish_at.isoformat(),
    ]
