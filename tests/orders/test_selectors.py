"""The status of an order as JSON: complete, in the promised names, in a fixed number of queries."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders import selectors
from orders.actors import SYSTEM
from orders.jobs import request_first_version
from orders.models import Order, Payment, PaymentStatus, Product
from orders.payments.refunds import request_refund
from orders.serializers import OrderStatusSerializer
from queues.models import Job, JobEvent
from tests.factories import running_job
from tests.orders.builders import make_order, make_paid_order, make_product, make_version

pytestmark = pytest.mark.django_db


def payload_of(order: Order) -> dict:
    return selectors.status_payload(selectors.order_by_id(order.pk))


def with_version(order: Order, versions: int = 1) -> Order:
    for _ in range(versions):
        order.current_version = make_version(order)
    order.status = "QUALITY_CHECK"
    order.save()
    return order


def test_products_on_offer_come_cheapest_first():
    make_product(slug="long", price=8900)
    make_product()
    make_product(slug="gone", price=1, active=False)
    assert [product.slug for product in selectors.products()] == ["article-400", "long"]
    assert Product.objects.count() == 3


def test_an_unpaid_order_has_nothing_in_work():
    payload = payload_of(make_order())
    assert (payload["status"], payload["paymentStatus"]) == ("PENDING_PAYMENT", "unpaid")
    assert payload["progress"] == {
        "step": 1,
        "of": 5,
        "label": "Waiting for payment",
        "percent": 5,
        "failed": False,
    }
    assert payload["queue"] == {"jobs": [], "hasActiveJob": False, "hasFailedJob": False, "latestJob": None}
    assert (payload["version"], payload["versions"], payload["refund"]) == (None, [], None)
    assert payload["pollAfter"] == 10


def test_a_waiting_order_knows_its_place_in_line():
    make_paid_order()
    order = make_paid_order()
    payload = payload_of(order)
    job = payload["queue"]["jobs"][0]
    assert (payload["paymentStatus"], payload["pollAfter"]) == ("paid", 2)
    assert payload["queue"]["hasActiveJob"]
    assert payload["queue"]["latestJob"] == job["jobId"] == str(order.current_job)
    assert (job["queue"], job["state"], job["position"]) == ("article-generation", "waiting", 2)
    assert (job["attemptsMade"], job["failedReason"], job["finishedAt"]) == (0, None, None)


def test_a_running_job_shows_its_parts_and_its_own_sentences():
    order = make_paid_order()
    job = running_job("orders.generate_article", {"order_id": str(order.pk)}, dedupe_key=f"order:{order.pk}")
    job.progress(3, 7, "Writing part 3")
    job.log("Part 3 is written.")
    payload = payload_of(order)
    shown = payload["queue"]["jobs"][0]
    assert (shown["state"], shown["stage"], shown["partsDone"], shown["partsTotal"]) == (
        "active",
        "Writing part 3",
        3,
        7,
    )
    assert payload["progress"]["percent"] == 35
    assert payload["log"][-1]["message"] == "Part 3 is written."


def test_an_errors_own_words_stay_with_staff():
    order = make_paid_order()
    Job.objects.filter(pk=order.current_job).update(
        state="failed", error_kind="provider_down", error_message="key sk-123 refused"
    )
    payload = payload_of(order)
    assert payload["queue"]["hasFailedJob"]
    assert payload["queue"]["jobs"][0]["failedReason"] == "provider_down"
    assert "sk-123" not in json.dumps(payload)


def test_a_written_order_shows_its_version():
    order = with_version(make_paid_order())
    Job.objects.filter(pk=order.current_job).update(state="completed", attempts_made=1, progress=6, total=7)
    payload = payload_of(order)
    version = payload["version"]
    assert (version["versionId"], version["number"]) == (str(order.current_version_id), 1)
    assert version["content"] == order.current_version.html
    assert version["backlink"] == {
        "targetUrl": order.target_url,
        "anchorText": order.anchor_text,
        "reviewStatus": "PENDING_REVIEW",
    }
    assert [line["number"] for line in payload["versions"]] == [1]
    job = payload["queue"]["jobs"][0]
    assert (job["attemptsMade"], job["stage"], job["partsDone"], job["partsTotal"]) == (2, "done", 7, 7)
    assert payload["estimatedSeconds"] is None


@pytest.mark.parametrize("make", [make_order, make_paid_order, lambda: with_version(make_paid_order())])
def test_the_payload_has_the_documented_shape(make):
    payload = payload_of(make())
    documented = OrderStatusSerializer()
    assert list(payload) != [] and set(payload) == set(documented.fields)
    assert OrderStatusSerializer(payload).data.keys() == payload.keys()
    assert set(payload["progress"]) == set(documented.fields["progress"].fields)
    assert set(payload["queue"]) == set(documented.fields["queue"].fields)
    for job in payload["queue"]["jobs"]:
        assert set(job) == set(documented.fields["queue"].fields["jobs"].child.fields)
    for line in payload["log"]:
        assert set(line) == set(documented.fields["log"].child.fields)
    if payload["version"]:
        assert set(payload["version"]) == set(documented.fields["version"].fields)
    json.dumps(payload)


@pytest.mark.parametrize(
    ("status", "word"),
    [("created", "unpaid"), ("failed", "failed"), ("expired", "expired"), ("confirmed", "paid")],
)
def test_the_payment_status_is_derived_from_the_payments(status, word):
    order = make_order()
    order.payments.update(status=status)
    assert payload_of(order)["paymentStatus"] == word


def test_a_requested_refund_is_shown_but_surplus_money_makes_no_order_unpaid():
    order = make_paid_order()
    paid = order.payments.get()
    surplus = Payment.objects.create(
        order=order, provider="sandbox", status=PaymentStatus.SURPLUS, amount=4900, currency="usd"
    )
    request_refund(payment=surplus, reason="duplicate", actor=SYSTEM)
    assert payload_of(order)["paymentStatus"] == "paid"
    request_refund(payment=paid, reason="order_failed", actor=SYSTEM)
    payload = payload_of(order)
    assert payload["paymentStatus"] == "refund_requested"
    assert (payload["refund"]["reason"], payload["refund"]["amount"]) == ("order_failed", 4900)


@pytest.mark.parametrize(
    ("refunds", "word", "shown"),
    [
        ([("requested", 4900)], "refund_requested", "requested"),
        ([("submitted", 4900)], "refund_requested", "requested"),
        ([("needs_manual", 900)], "refund_requested", "requested"),
        ([("pending", 900)], "refund_requested", "pending"),
        ([("succeeded", 900)], "partially_refunded", "succeeded"),
        ([("succeeded", 900), ("succeeded", 4000)], "refunded", "succeeded"),
        ([("succeeded", 900), ("requested", 4000)], "refund_requested", "requested"),
        ([("failed", 900)], "refund_failed", "failed"),
        ([("failed", 4900), ("succeeded", 4900)], "refunded", "succeeded"),
        ([("canceled", 4900)], "paid", None),
    ],
)
def test_the_payment_status_and_the_refund_follow_the_refunds(refunds, word, shown):
    order = make_paid_order()
    for status, amount in refunds:
        order.payments.get().refunds.create(status=status, amount=amount, reason="staff")
    payload = payload_of(order)
    assert (payload["paymentStatus"], payload["refund"] and payload["refund"]["status"]) == (word, shown)
    if shown:
        assert set(payload["refund"]) == set(OrderStatusSerializer().fields["refund"].fields)
        assert payload["refund"]["amount"] == refunds[-1][1]


def test_what_a_bank_took_back_is_no_refund_for_the_customer():
    order = make_paid_order()
    order.payments.get().refunds.create(status="succeeded", amount=4900, reason="dispute")
    assert payload_of(order)["refund"] is None


def test_money_of_another_sum_is_held():
    order = make_order()
    order.payments.update(status="held")
    assert payload_of(order)["paymentStatus"] == "held"


def test_jobs_that_run_errands_are_not_the_customers_business():
    order = make_paid_order()
    request_refund(payment=order.payments.get(), reason="staff", actor=SYSTEM, amount=1)
    assert [job["queue"] for job in payload_of(order)["queue"]["jobs"]] == ["article-generation"]


def queries_of(order: Order) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        payload_of(order)
    return len(queries)


def test_the_number_of_queries_does_not_grow_with_the_history():
    order = with_version(make_paid_order())
    Job.objects.filter(pk=order.current_job).update(state="completed")
    few = queries_of(order)
    with_version(order, versions=4)
    for _ in range(4):
        job = request_first_version(order)
        Job.objects.filter(pk=job.pk).update(state="failed")
    for number in range(5):
        JobEvent.objects.create(job_id=order.current_job, message=f"Line {number}")
    assert len(payload_of(order)["versions"]) == 5
    assert len(payload_of(order)["queue"]["jobs"]) == 5
    assert queries_of(order) == few


def test_fifty_refunds_cost_no_more_queries_than_one():
    order = make_paid_order()
    refunds = order.payments.get().refunds
    refunds.create(amount=1, reason="staff")
    few = queries_of(order)
    for _ in range(49):
        refunds.create(amount=1, reason="staff")
    assert queries_of(order) == few


def test_a_long_line_before_it_costs_a_waiting_order_no_query():
    order = make_paid_order()
    few = queries_of(order)
    for _ in range(3):
        make_paid_order()
    assert queries_of(order) == few
