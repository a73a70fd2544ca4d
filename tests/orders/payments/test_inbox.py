"""Stored events that staff have handled again."""

import pytest

from orders.actors import Actor
from orders.models import Refund, StripeEvent
from orders.payments import inbox
from tests.orders.builders import deliver, intent_event, make_order, session_event

pytestmark = pytest.mark.django_db
STAFF = Actor("staff", "7")


def test_an_event_that_was_handled_changes_nothing_when_it_is_replayed(client):
    order = make_order()
    deliver(client, session_event(order))
    row = StripeEvent.objects.get()
    assert inbox.replay_event(event=row, actor=STAFF) == "already"
    order.refresh_from_db()
    assert (row.status, row.outcome, row.attempts) == ("processed", "already", 2)
    assert (order.status, order.payments.count(), Refund.objects.count()) == ("PROCESSING", 1, 0)
    told = order.events.last()
    assert (told.action, told.actor_id, told.data) == ("event_replayed", "7", {"event": row.pk, "outcome": "already"})


def test_an_event_that_failed_works_when_its_cause_is_gone(client, settings):
    order = make_order()
    queues, settings.QUEUES = settings.QUEUES, {}
    deliver(client, session_event(order))
    row = StripeEvent.objects.get()
    assert (inbox.replay_event(event=row, actor=STAFF), row.status) == ("error", "failed")
    settings.QUEUES = queues
    assert inbox.replay_event(event=row, actor=STAFF) == "paid"
    order.refresh_from_db()
    assert (order.status, row.error, row.order) == ("PROCESSING", "", order)


def test_an_event_about_no_order_stays_unmatched(client):
    order = make_order()
    deliver(client, intent_event(order, metadata={}))
    row = StripeEvent.objects.get()
    assert inbox.replay_event(event=row, actor=STAFF) == "unmatched"
    assert (row.status, row.order, order.events.count()) == ("unmatched", None, 1)
