"""How each product does: orders, revenue, cost, margin, failures and pace. A fixed number of queries."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from uuid import UUID

from django.db.models import Count, Min, Q, Sum
from django.utils import timezone

from aiproviders.selectors import spend_by_job
from orders.models import Order, OrderEvent, Payment, PaymentStatus, Product, Refund, RefundStatus
from orders.money import format_money
from orders.states import OrderStatus


@dataclass(frozen=True)
class Performance:
    """`revenue` is what the paying payments brought, less what went back of them; `cost` is in US dollars, `margin`
    too, and None for products in other currencies; `hours` is the median from paying to the first version."""

    product: Product
    orders: int
    paid: int
    failed: int
    published: int
    revenue: str
    cost: Decimal
    margin: Decimal | None
    hours: float | None

    @property
    def failure_rate(self) -> int | None:
        """Per cent of the paid orders."""
        return round(100 * self.failed / self.paid) if self.paid else None


def by_product(days: int) -> list[Performance]:
    """All products, for orders of the last `days` days; orders in a currency that a product had before are left out."""
    since = timezone.now() - datetime.timedelta(days=days)
    counts = {row["product"]: row for row in _counts(since)}
    money, cost, pace = _money(since), _cost(since), _pace(since)
    found = []
    for product in Product.objects.all():
        row = counts.get(product.pk, {})
        revenue, spent = money[product.pk, product.currency], cost[product.pk]
        found.append(
            Performance(
                product,
                *(row.get(name, 0) for name in ("all", "paid", "failed", "published")),
                revenue=format_money(revenue, product.currency),
                cost=spent,
                margin=Decimal(revenue) / 100 - spent if product.currency == "usd" else None,
                hours=round(median(pace[product.pk]), 1) if pace[product.pk] else None,
            )
        )
    return found


def _counts(since: datetime.datetime):
    paid = Q(paid_at__isnull=False)
    return (
        Order.objects.filter(created_at__gte=since)
        .order_by()
        .values("product")
        .annotate(
            all=Count("pk"),
            paid=Count("pk", filter=paid),
            failed=Count("pk", filter=paid & Q(status=OrderStatus.FAILED)),
            published=Count("pk", filter=Q(status=OrderStatus.COMPLETED)),
        )
    )


def _money(since: datetime.datetime) -> dict[tuple, int]:
    totals: dict[tuple, int] = defaultdict(int)
    came = Payment.objects.filter(order__created_at__gte=since, status=PaymentStatus.CONFIRMED)
    went = Refund.objects.filter(payment__in=came, status=RefundStatus.SUCCEEDED)
    for row in came.order_by().values("order__product", "currency").annotate(sum=Sum("amount")):
        totals[row["order__product"], row["currency"]] += row["sum"]
    grouped = went.order_by().values("payment__order__product", "payment__currency")
    for row in grouped.annotate(sum=Sum("amount")):
        totals[row["payment__order__product"], row["payment__currency"]] -= row["sum"]
    return totals


def _cost(since: datetime.datetime) -> dict[int, Decimal]:
    started = OrderEvent.objects.filter(action="job_started", order__created_at__gte=since)
    products = {UUID(data["job"]): pk for pk, data in started.values_list("order__product", "data") if data.get("job")}
    totals: dict[int, Decimal] = defaultdict(Decimal)
    for job, spent in spend_by_job(products).items():
        totals[products[job]] += spent.cost
    return totals


def _pace(since: datetime.datetime) -> dict[int, list[float]]:
    """Hours from paying to the first version, of each order."""
    done = OrderEvent.objects.filter(action="job_done", order__created_at__gte=since, order__paid_at__isnull=False)
    rows = done.order_by().values("order", "order__product", "order__paid_at").annotate(first=Min("at"))
    found: dict[int, list[float]] = defaultdict(list)
    for row in rows:
        found[row["order__product"]].append((row["first"] - row["order__paid_at"]).total_seconds() / 3600)
    return found
