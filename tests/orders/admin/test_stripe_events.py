"""Stripe's events: word for word, and handled again by a press of a button."""

import pytest
from django.urls import reverse

from orders.models import StripeEvent
from tests.orders.admin.pages import rows
from tests.orders.builders import deliver, make_order, session_event
from tests.orders.stages import fresh

pytestmark = pytest.mark.django_db


def at(event: StripeEvent, name: str = "replay") -> str:
    return reverse(f"admin:orders_stripeevent_{name}", args=[event.pk])


def test_an_event_is_handled_again_once_asked_and_its_effects_happen_once(admin_client, client):
    order = make_order()
    deliver(client, session_event(order))
    event = StripeEvent.objects.get()
    before = rows()
    assert at(event) in admin_client.get(at(event, "change")).content.decode()
    assert "handled again" in admin_client.get(at(event)).content.decode() and rows() == before
    admin_client.post(at(event))
    assert order.payments.count() == 1 and order.events.filter(action="payment_confirmed").count() == 1
    replayed = order.events.get(action="event_replayed")
    assert (replayed.actor_kind, replayed.data["outcome"]) == ("staff", "already")


def test_an_event_that_could_not_be_handled_then_is_handled_now(admin_client):
    order = make_order()
    payload = session_event(order)
    event = StripeEvent.objects.create(pk=payload["id"], type=payload["type"], payload=payload, status="failed")
    admin_client.post(at(event))
    event.refresh_from_db()
    assert (event.status, event.outcome, fresh(order).status) == ("processed", "paid", "PROCESSING")


def test_an_unknown_event_is_not_found(admin_client):
    unknown = StripeEvent(pk="evt_nobody/knows")
    assert admin_client.post(at(unknown)).status_code == admin_client.get(at(unknown)).status_code == 404
