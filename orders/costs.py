"""What the models' work for orders cost, failed attempts included."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from aiproviders.selectors import Spend, spend
from orders.models import Order, OrderEvent, Product

SAMPLE = 50  # orders of a product


@dataclass(frozen=True)
class Average:
    """US dollars per order, of the last `orders` orders of a product. `unpriced` calls make it an "at least"."""

    cost: Decimal
    orders: int
    unpriced: int


def of_order(order: Order) -> Spend:
    """What all jobs of the order cost together. Two queries."""
    return spend(_jobs(order.events.all()))


def average(product: Product) -> Average | None:
    """The mean cost of the last 50 orders of `product` for which a job has started; None before the first."""
    started = OrderEvent.objects.filter(action="job_started", order__product=product)
    newest = list(started.order_by("-order__created_at").values_list("order_id", flat=True).distinct()[:SAMPLE])
    if not newest:
        return None
    spent = spend(_jobs(OrderEvent.objects.filter(order__in=newest)))
    return Average(spent.cost / len(newest), len(newest), spent.unpriced)


def _jobs(events: Iterable[OrderEvent]) -> set[UUID]:
    """From the audit trail: rows of jobs are pruned, what they cost is not."""
    return {UUID(event.data["job"]) for event in events if event.data.get("job")}
