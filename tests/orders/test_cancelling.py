"""Who may end an order when, and that job, checkout and money follow."""

import datetime

import pytest
from django.utils import timezone

from orders import cancelling, priorities
from orders.actors import CUSTOMER, Actor
from orders.models import Order, Priority, Refund
from orders.transitions import Conflict
from queues.models import Job
from tests.orders.builders import make_order, make_paid_order
from tests.orders.stages import fresh, make_staff, running, scheduled, snapshot, submitted, written

pytestmark = pytest.mark.django_db
STAFF = Actor("staff", "7")


def paid_days_ago(order: Order, days: float) -> Order:
    Order.objects.filter(pk=order.pk).update(paid_at=timezone.now() - datetime.timedelta(days=days))
    return fresh(order)


def test_before_the_first_version_it_is_a_cancellation_and_the_job_goes():
    order = make_paid_order()
    job_id = order.current_job
    cancelling.cancel(order_id=order.pk, actor=CUSTOMER)
    order = fresh(order)
    assert (order.status, order.cancel_reason, order.current_job) == ("CANCELLED", "customer", None)
    assert Job.objects.get(pk=job_id).state == "cancelled"
    assert (Refund.objects.get().reason, Refund.objects.get().amount) == ("cancelled", 4900)


def test_a_running_job_is_asked_to_stop():
    order = make_paid_order()
    job = running(order)
    cancelling.cancel(order_id=order.pk, actor=CUSTOMER)
    stopped = Job.objects.get(pk=job.id)
    assert (stopped.state, stopped.cancel_requested) == ("active", True)


@pytest.mark.parametrize("make", [written, submitted, scheduled])
def test_afterwards_it_is_a_withdrawal_within_the_time_for_it(make, settings):
    settings.WITHDRAWAL_DAYS = 14
    order = paid_days_ago(make(), 13.99)
    cancelling.cancel(order_id=order.pk, actor=CUSTOMER)
    assert (fresh(order).cancel_reason, Refund.objects.get().reason) == ("withdrawal", "withdrawal")
    assert not order.reviews.filter(decision="pending").exists()
    assert fresh(order).publish_at is None


@pytest.mark.parametrize(("days", "allowed"), [(14, 14.01), (0, 0)])
def test_when_that_time_is_over_only_staff_may(settings, days, allowed):
    settings.WITHDRAWAL_DAYS = days
    order = paid_days_ago(written(), allowed)
    before = snapshot()
    with pytest.raises(Conflict) as refusal:
        cancelling.cancel(order_id=order.pk, actor=CUSTOMER)
    assert refusal.value.code == "too_late"
    assert snapshot() == before
    cancelling.cancel(order_id=order.pk, actor=STAFF, note="Goodwill.")
    assert (fresh(order).cancel_reason, Refund.objects.count()) == ("staff", 1)


def test_an_order_in_writing_may_be_cancelled_however_old_it_is():
    order = paid_days_ago(make_paid_order(), 100)
    cancelling.cancel(order_id=order.pk, actor=CUSTOMER)
    assert fresh(order).status == "CANCELLED"


def test_an_unpaid_order_gives_nothing_back():
    order = make_order()
    cancelling.cancel(order_id=order.pk, actor=CUSTOMER)
    assert (fresh(order).status, Refund.objects.count()) == ("CANCELLED", 0)


def test_another_priority_moves_the_waiting_job_and_makes_no_other():
    order = make_paid_order()
    priorities.change_priority(order_id=order.pk, priority=Priority.VIP, staff=make_staff())
    job = Job.objects.get(kind="orders.generate_article")
    assert (fresh(order).priority, job.priority, job.pk) == ("vip", 2, order.current_job)
    told = fresh(order).events.last().data
    assert told == {"from": "normal", "to": "vip", "job": str(job.pk)}


def test_a_job_that_runs_keeps_its_place():
    order = make_paid_order()
    running(order)
    priorities.change_priority(order_id=order.pk, priority=Priority.RUSH, staff=make_staff())
    assert Job.objects.get(pk=order.current_job).priority == 5
    assert (fresh(order).priority, "job" in fresh(order).events.last().data) == ("rush", False)
