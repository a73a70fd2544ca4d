"""Sending to a real server: signed, once when it takes it, again when it does not, and never where it should not go."""

import datetime
import json

import pytest
from django.utils import timezone
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from content.internet.addresses import Refused
from orders.actors import CUSTOMER
from orders.client_webhooks import delivering, endpoints, events
from orders.client_webhooks.delivering import NotSendable
from orders.models import WebhookDelivery, WebhookEndpoint
from queues.errors import Fail, Retry
from queues.failure import settle
from queues.models import Job
from queues.running import RunningJob
from tests.factories import claimed
from tests.orders.builders import make_paid_order

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def delivery(registered, client_user) -> WebhookDelivery:
    make_paid_order(owner=client_user)
    return WebhookDelivery.objects.get()


def attempt():
    return RunningJob(claimed(Job.objects.open().get(kind="orders.deliver_webhook")))


def deliver(delivery, job=None) -> None:
    delivering.deliver(delivery_id=str(delivery.pk), job=job or attempt())


def test_a_client_is_told_and_can_verify_that_it_was_us(delivery, receiver, registered):
    deliver(delivery)
    headers, body = receiver.received[0]
    told = Webhook(registered[1]).verify(body, headers)
    order = delivery.event.order
    assert told == {
        "type": "order.paid",
        "timestamp": delivery.event.at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "data": {"orderId": str(order.pk), "code": order.code, "status": "PROCESSING"},
    }
    assert headers["webhook-id"] == str(delivery.pk)
    assert headers["content-type"] == "application/json"
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, delivery.answer, delivery.error) == ("delivered", 1, 204, "")
    assert delivery.delivered_at is not None
    assert Job.objects.get(kind="orders.deliver_webhook").state == "completed"


def test_nothing_personal_is_told(delivery, receiver):
    deliver(delivery)
    order = delivery.event.order
    for word in (order.email, order.topic, order.target_url, order.anchor_text):
        assert word.encode() not in receiver.received[0][1]


@pytest.mark.parametrize("change", ["body", "id", "timestamp", "secret"])
def test_what_was_changed_on_the_way_is_not_verified(delivery, receiver, registered, change):
    deliver(delivery)
    headers, body = receiver.received[0]
    secret = registered[1]
    if change == "body":
        body += b" "
    elif change == "secret":
        secret = "whsec_" + "A" * 32
    else:
        headers[f"webhook-{change}"] += "1" if change == "id" else ""
        headers["webhook-timestamp"] = str(int(headers["webhook-timestamp"]) - (600 if change == "timestamp" else 0))
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body, headers)


def test_after_a_change_of_secret_both_verify_and_a_day_later_only_the_new_one(delivery, receiver, registered):
    endpoint, old = registered
    new, until = endpoints.rotate(endpoint)
    deliver(delivery)
    headers, body = receiver.received[0]
    assert len(headers["webhook-signature"].split()) == 2
    for secret in (old, new.reveal()):
        assert Webhook(secret).verify(body, headers)["type"] == "order.paid"
    endpoint.secrets.exclude(valid_until=None).update(valid_until=timezone.now() - datetime.timedelta(seconds=1))
    delivering.resend(delivery, CUSTOMER)
    deliver(delivery)
    headers, body = receiver.received[1]
    Webhook(new.reveal()).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(body, headers)


@pytest.mark.parametrize("status", [500, 404, 302, 429])
def test_any_other_answer_is_tried_again_with_the_same_id(delivery, receiver, status):
    receiver.answer = status
    with pytest.raises(Retry, match=f"answered {status}"):
        deliver(delivery, job := attempt())
    settle(job.job, Retry("later"))
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, delivery.answer) == ("waiting", 1, status)
    assert len(receiver.received) == 1  # a redirect is not followed
    receiver.answer = 200
    Job.objects.filter(state="delayed").update(state="waiting")
    deliver(delivery)
    assert [headers["webhook-id"] for headers, _ in receiver.received] == [str(delivery.pk)] * 2
    assert receiver.received[0][1] == receiver.received[1][1]


def test_the_waits_are_those_of_the_standard_and_stand_in_the_database(delivery, receiver, settings):
    receiver.answer = 500
    waits = []
    for _ in range(10):
        job = attempt()
        with pytest.raises(Retry) as failure:
            deliver(delivery, job)
        settle(job.job, failure.value)
        row = Job.objects.get(kind="orders.deliver_webhook")
        if row.state == "delayed":
            waits.append(round((row.run_at - row.events.last().at).total_seconds()))
            Job.objects.filter(pk=row.pk).update(state="waiting")
    assert waits == pytest.approx([5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400], abs=3)
    assert row.state == "failed"
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, delivery.error) == ("failed", 10, "The receiver answered 500.")


def test_gone_disables_the_endpoint_at_once(delivery, receiver, client_user):
    receiver.answer = 410
    job = attempt()
    with pytest.raises(Fail, match="410") as failure:
        deliver(delivery, job)
    settle(job.job, failure.value)
    delivery.refresh_from_db()
    endpoint = WebhookEndpoint.objects.get()
    assert (delivery.status, endpoint.disabled_because) == ("failed", "It answered 410 Gone.")
    make_paid_order(owner=client_user)
    assert WebhookDelivery.objects.count() == 1
    with pytest.raises(NotSendable, match="410 Gone"):
        delivering.resend(delivery, CUSTOMER)
    assert not Job.objects.open().filter(kind="orders.deliver_webhook").exists()


@pytest.mark.parametrize("answer", ["hang", "drip"])
def test_a_receiver_that_hangs_or_drips_is_left(delivery, receiver, answer, monkeypatch):
    monkeypatch.setattr(delivering, "SECONDS", 0.5)
    receiver.answer = answer
    with pytest.raises(Retry, match="does not answer"):
        deliver(delivery)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, delivery.answer) == ("waiting", 1, None)
    assert delivery.error


def test_a_receiver_that_is_not_there_is_tried_again(delivery, receiver):
    WebhookEndpoint.objects.update(url="http://127.0.0.1:1/")
    with pytest.raises(Retry, match="ConnectionRefused"):
        deliver(delivery)


def test_an_address_that_became_private_is_not_asked(delivery, receiver, settings):
    settings.WEBHOOK_NETWORKS = []
    job = attempt()
    with pytest.raises(Refused, match="not on the public internet") as refusal:
        deliver(delivery, job)
    settle(job.job, refusal.value)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.error) == ("failed", "127.0.0.1 is not on the public internet.")
    assert receiver.received == []


def test_what_was_delivered_is_not_sent_again_by_a_second_job(delivery, receiver):
    deliver(delivery, job := attempt())
    deliver(delivery, job)
    assert len(receiver.received) == 1


def test_sending_again_uses_the_same_id_and_one_job(delivery, receiver):
    deliver(delivery)
    assert delivering.resend(delivery, CUSTOMER) == delivering.resend(delivery, CUSTOMER)
    deliver(delivery)
    assert [headers["webhook-id"] for headers, _ in receiver.received] == [str(delivery.pk)] * 2
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == ("delivered", 2)


def test_a_delivery_whose_endpoint_was_removed_ends_quietly(delivery, receiver, registered):
    job = attempt()
    endpoints.remove(registered[0])
    deliver(delivery, job)
    assert receiver.received == []


def test_the_body_is_json_without_a_customers_link(delivery):
    assert b"?t=" not in events.body(delivery) and json.loads(events.body(delivery))
