"""Which events reach which clients."""

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from orders import decisions
from orders.actors import CUSTOMER, SYSTEM
from orders.client_webhooks import endpoints
from orders.client_webhooks.events import TYPES
from orders.models import WebhookDelivery, WebhookEndpoint
from orders.payments.base import RefundNews
from orders.payments.settling import note_refund
from orders.revisions import request_revision
from orders.states import TRANSITIONS
from orders.transitions import record
from queues.models import Job
from tests.orders.builders import make_paid_order
from tests.orders.stages import exhaust, finish, make_staff, running, submitted, written

pytestmark = pytest.mark.django_db


def types() -> list[str]:
    return list(WebhookDelivery.objects.order_by("event_id").values_list("type", flat=True))


def test_a_clients_order_is_told_from_paid_to_completed(registered, client_user):
    order = submitted(owner=client_user)
    decisions.approve(order_id=order.pk, version_id=order.current_version_id, staff=make_staff())
    assert types() == ["order.paid", "order.ready", "order.completed"]
    assert Job.objects.filter(kind="orders.deliver_webhook", owner=client_user).count() == 3


def test_revisions_failures_and_refunds_are_told(registered, client_user):
    order = written(owner=client_user)
    request_revision(order_id=order.pk, notes="Please make it shorter.", actor=CUSTOMER)
    order.refresh_from_db()
    finish(order)
    failed = make_paid_order(owner=client_user)
    exhaust(running(failed))
    payment = failed.payments.get()
    refund = payment.refunds.get()
    news = RefundNews("re_1", "succeeded", refund.amount, "usd", payment.intent_id, str(refund.pk))
    note_refund(payment=payment, news=news, actor=SYSTEM)
    assert types() == [
        *("order.paid", "order.ready", "order.revision_ready"),
        *("order.paid", "order.failed", "order.refunded"),
    ]


def test_nobody_elses_orders_are_told(registered):
    make_paid_order()
    make_paid_order(owner=get_user_model().objects.create_user("eve"))
    assert types() == []


def test_all_endpoints_of_the_client_are_told_but_disabled_ones(registered, receiver, client_user):
    endpoints.register(owner=client_user, url=f"{receiver.url}/2")
    third, _ = endpoints.register(owner=client_user, url=f"{receiver.url}/3")
    WebhookEndpoint.objects.filter(pk=third.pk).update(disabled_at=third.created_at)
    make_paid_order(owner=client_user)
    assert sorted(delivery.endpoint.url[-2:] for delivery in WebhookDelivery.objects.all()) == ["/2", "ok"]


def test_a_change_that_is_rolled_back_tells_nobody(registered, client_user):
    order = make_paid_order(owner=client_user)
    before = types()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(order, "job_done", actor=SYSTEM)
        raise ZeroDivisionError
    assert types() == before


def test_the_audit_actions_exist():
    assert set(TYPES) - {"refund_succeeded"} <= set(TRANSITIONS)
