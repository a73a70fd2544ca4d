"""What was written down and forgotten: sent after all, or marked as called off; and what is kept for a month only."""

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from orders import letters, outbox, retention, sweeping
from orders.client_webhooks import events
from orders.models import Mail, Order, WebhookDelivery, WebhookEndpoint
from queues import control
from queues.failure import fail
from queues.models import Job
from queues.states import Outcome
from tests.concurrency import while_somebody_locks
from tests.factories import claimed
from tests.orders.builders import make_order, make_paid_order

pytestmark = pytest.mark.django_db
QUERIES = 7  # two of them a savepoint of the test


def aged(rows, **age) -> None:
    rows.update(created_at=timezone.now() - datetime.timedelta(**age))


@pytest.fixture
def mail() -> Mail:
    mail = make_paid_order().mails.get()
    aged(Mail.objects, minutes=3)
    return mail


def job_of(mail: Mail) -> Job:
    return Job.objects.get(dedupe_key=letters.job_key(mail.pk))


def test_a_mail_that_lost_its_job_gets_another(mail):
    job_of(mail).delete()
    assert sweeping.sweep() == {"mails": 1, "webhooks": 0, "orders": 0}
    assert job_of(mail).state == "waiting"
    assert sweeping.sweep() == {"mails": 0, "webhooks": 0, "orders": 0}


def test_a_mail_on_its_way_is_left_alone(mail):
    assert sweeping.sweep()["mails"] == 0
    assert Job.objects.filter(kind="orders.send_mail").count() == 1


def test_a_young_mail_is_left_alone(mail):
    job_of(mail).delete()
    aged(Mail.objects, minutes=1)
    assert sweeping.sweep()["mails"] == 0


def test_a_mail_whose_job_staff_cancelled_is_not_sent(mail):
    control.cancel(job_of(mail))
    sweeping.sweep()
    mail.refresh_from_db()
    assert (mail.status, mail.error) == ("failed", "Its job was called off.")
    assert not Job.objects.open().filter(kind="orders.send_mail").exists()


def test_a_mail_whose_failure_was_not_noted_is_marked(mail, monkeypatch):
    monkeypatch.setattr(outbox, "give_up", lambda job: 1 / 0)
    fail(claimed(job_of(mail)), kind="mail_refused", message="The mail server answered 550.", outcome=Outcome.FAILED)
    mail.refresh_from_db()
    assert mail.status == "queued"
    sweeping.sweep()
    mail.refresh_from_db()
    assert mail.status == "failed" and "550" in mail.error


def test_a_webhook_that_lost_its_job_gets_another():
    user = get_user_model().objects.create_user("ada")
    WebhookEndpoint.objects.create(owner=user, url="https://example.com/")
    make_paid_order(owner=user)
    aged(WebhookDelivery.objects, minutes=3)
    Job.objects.filter(kind="orders.deliver_webhook").delete()
    assert sweeping.sweep()["webhooks"] == 1
    assert Job.objects.get(kind="orders.deliver_webhook").dedupe_key == events.job_key(WebhookDelivery.objects.get().pk)


def test_looking_at_fifty_needs_the_queries_of_one(mail, django_assert_num_queries):
    with django_assert_num_queries(QUERIES):
        assert sweeping.sweep()["mails"] == 0
    order = make_order()
    for number in range(50):
        letters.to_customer(order, "link_resend", about=str(number))
    aged(Mail.objects, minutes=3)
    with django_assert_num_queries(QUERIES):
        assert sweeping.sweep()["mails"] == 0


def test_bodies_and_logs_are_deleted_after_thirty_days_and_not_before():
    user = get_user_model().objects.create_user("ada")
    WebhookEndpoint.objects.create(owner=user, url="https://example.com/")
    old, young, waiting = (make_paid_order(owner=user).mails.get() for _ in range(3))
    Mail.objects.exclude(pk=waiting.pk).update(status="sent")
    WebhookDelivery.objects.exclude(event__order=waiting.order).update(status="delivered")
    for mail, days in ((old, 31), (young, 29), (waiting, 31)):
        aged(Mail.objects.filter(pk=mail.pk), days=days)
        aged(WebhookDelivery.objects.filter(event__order=mail.order), days=days)
    assert retention.forget() == {"mails": 1, "webhooks": 1}
    assert retention.forget() == {"mails": 0, "webhooks": 0}
    old.refresh_from_db()
    assert (old.text, old.html) == ("", "") and old.subject and old.to
    assert Mail.objects.exclude(text="").count() == 2
    assert set(WebhookDelivery.objects.values_list("event__order", flat=True)) == {young.order_id, waiting.order_id}


def test_an_order_whose_job_was_cancelled_as_a_job_comes_on_staffs_list_once():
    order, in_line = make_paid_order(), make_paid_order()
    control.cancel(Job.objects.get(pk=order.current_job))
    assert sweeping.sweep()["orders"] == 0  # it may be on its way to the next job
    Order.objects.update(updated_at=timezone.now() - datetime.timedelta(minutes=3))
    assert [sweeping.sweep()["orders"] for _ in range(2)] == [1, 0]
    order.refresh_from_db()
    in_line.refresh_from_db()
    assert (order.status, order.needs_attention, order.attention_reason) == ("PROCESSING", True, sweeping.ABANDONED)
    assert (in_line.status, in_line.needs_attention) == ("PROCESSING", False)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_orders_are_locked_as_those_of_one_checkout_are():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite locks no rows")
    orders = [make_paid_order() for _ in range(3)]
    Job.objects.all().delete()
    Order.objects.update(updated_at=timezone.now() - datetime.timedelta(minutes=3))
    first, *others = (Order.objects.filter(pk=pk) for pk in sorted(order.pk for order in orders))
    first.update(created_at=timezone.now() - datetime.timedelta(hours=1))  # the last one on every list of orders
    assert while_somebody_locks(first, others[0], sweeping.sweep)["orders"] == 3
    assert Order.objects.filter(needs_attention=True).count() == 3
