"""The same work, done by a real Celery worker over the real Redis."""

import pytest

from orders import selectors
from orders.models import Mail, Order, Refund
from queues import clock, recurring
from queues.models import Job, RecurringJob
from tests.fakeprovider import FakeProvider
from tests.orders.builders import DAY, aged, make_order, make_paid_order
from tests.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def wait_for(order: Order, status: str, worker) -> None:
    def arrived() -> bool:
        order.refresh_from_db()
        return order.status == status

    try:
        wait_until(arrived, 60)
    except AssertionError:
        raise AssertionError(f"order is {order.status}\n{worker.output()[-4000:]}") from None


def mails_sent(order: Order) -> set[str]:
    return set(Mail.objects.filter(order=order, status="sent").values_list("kind", flat=True))


def test_a_worker_turns_a_paid_order_into_an_article_and_tells_the_customer(start_worker):
    order = make_paid_order()
    worker = start_worker(AI_MODEL="extract")
    wait_for(order, "QUALITY_CHECK", worker)
    assert order.current_version.number == 1
    assert order.article.versions.count() == 1
    wait_until(lambda: mails_sent(order) == {"order_paid", "article_ready"})
    assert Job.objects.get(pk=order.current_job).state == "completed"
    status = selectors.status_payload(order)
    assert [job["partsDone"] == job["partsTotal"] > 0 for job in status["queue"]["jobs"]] == [True]
    assert (status["progress"]["step"], status["version"]["generator"]) == (3, "extract")


def test_a_provider_that_refuses_for_good_ends_the_order_with_a_refund_and_a_mail(start_worker):
    order = make_paid_order()
    with FakeProvider() as provider:
        worker = start_worker(AI_MODEL="openai/status-401", OPENAI_BASE_URL=provider.url, OPENAI_API_KEY="sk-test")
        wait_for(order, "FAILED", worker)
        wait_until(lambda: mails_sent(order) == {"order_paid", "order_failed"})
    assert Refund.objects.get().payment.order == order
    assert order.current_version is None
    assert "sk-test" not in worker.output()


def test_unpaid_orders_are_let_go_as_often_as_the_settings_say(start_worker):
    order = aged(make_order(), DAY * 2)
    start_worker()
    RecurringJob.objects.create(name="orders.expire_unpaid", slot=clock.now() - DAY)
    assert recurring.enqueue_due() == ["orders.expire_unpaid"]
    wait_until(lambda: Job.objects.filter(kind="orders.expire_unpaid", state="completed").exists())
    order.refresh_from_db()
    assert order.status == "CANCELLED"
