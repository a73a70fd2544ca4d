import uuid
from decimal import Decimal

import pytest

from aiproviders.models import AICall
from orders import costs
from orders.actors import SYSTEM
from orders.transitions import record
from tests.orders.builders import make_order, make_product

pytestmark = pytest.mark.django_db


def pay(order, cost: str | None, *, outcome: str = "ok", calls: int = 1) -> None:
    """A job of the order that asked a model so often; its row is pruned already."""
    job = uuid.uuid4()
    record(order, "job_started", actor=SYSTEM, data={"job": str(job)})
    for _ in range(calls):
        AICall.objects.create(
            provider="openai", model_asked="m", job_id=job, outcome=outcome, milliseconds=1, output_tokens=5,
            cost=None if cost is None else Decimal(cost), prices_version="1",
        )  # fmt: skip


def test_an_order_costs_what_all_its_jobs_did_failed_ones_too(django_assert_num_queries):
    order, other = make_order(), make_order()
    pay(order, "0.01", calls=3)
    pay(order, "0.005", outcome="truncated")
    pay(order, None)
    pay(other, "7")
    with django_assert_num_queries(2):
        spent = costs.of_order(order)
    assert (spent.cost, spent.calls, spent.unpriced) == (Decimal("0.035"), 5, 1)


def test_an_order_without_a_job_costs_nothing():
    assert costs.of_order(make_order()).calls == 0


def test_a_products_average_counts_the_orders_that_were_begun(django_assert_num_queries):
    product = make_product()
    for cost in ("0.02", "0.04"):
        pay(make_order(product=product), cost)
    make_order(product=product)
    pay(make_order(product=make_product(slug="other")), "9")
    with django_assert_num_queries(3):
        found = costs.average(product)
    assert (found.cost, found.orders, found.unpriced) == (Decimal("0.03"), 2, 0)


def test_only_the_last_fifty_orders_count():
    product = make_product()
    pay(make_order(product=product), "100")
    for _ in range(50):
        record(make_order(product=product), "job_started", actor=SYSTEM, data={"job": str(uuid.uuid4())})
    assert (costs.average(product).cost, costs.average(product).orders) == (0, 50)


def test_a_product_that_nobody_ordered_has_no_average():
    assert costs.average(make_product()) is None
