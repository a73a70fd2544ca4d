"""Stripe's events: word for word, and handled again by a press of a button."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import quote
from django.urls import reverse

from orders.models import StripeEvent
from tests.orders.admin.pages import rows, staff_with, told
from tests.orders.builders import deliver, intent_event, make_order, session_event
from tests.orders.stages import fresh

pytestmark = pytest.mark.django_db


def at(event: StripeEvent, name: str = "replay") -> str:
    return reverse(f"admin:orders_stripeevent_{name}", args=[quote(event.pk) if name == "change" else event.pk])


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


def lost(client) -> StripeEvent:
    """An event about no order of ours."""
    deliver(client, intent_event(make_order(), metadata={}))
    return StripeEvent.objects.get(status="unmatched")


def listed(client) -> set[str]:
    response = client.get(reverse("admin:orders_stripeevent_changelist") + "?attention=yes")
    return {event.pk for event in response.context["cl"].result_list}


def test_events_that_nobody_could_use_are_on_staffs_list_until_somebody_has_looked(admin_client, client):
    event, orders = lost(client), reverse("admin:orders_order_changelist")
    tried = {"type": "payment_intent.succeeded", "payload": {}, "status": "failed"}
    given_up = StripeEvent.objects.create(pk="evt_8", attempts=8, **tried)
    StripeEvent.objects.create(pk="evt_7", attempts=7, **tried)  # reconcile tries it once more
    assert "2 events of the payment provider belong to no order" in admin_client.get(orders).content.decode()
    assert listed(admin_client) == {event.pk, given_up.pk}
    assert at(event, "seen") in admin_client.get(at(event, "change")).content.decode()
    assert admin_client.get(at(event, "seen")).status_code == 200 and listed(admin_client) == {event.pk, given_up.pk}
    admin_client.post(at(event, "seen"), {"note": "A test payment from the dashboard."})
    assert listed(admin_client) == {given_up.pk} and LogEntry.objects.get().object_id == event.pk
    assert "A test payment" in LogEntry.objects.get().change_message
    assert "1 event of the payment provider belongs to no order" in admin_client.get(orders).content.decode()
    assert deliver(client, event.payload).json() == {"outcome": "duplicate"} and listed(admin_client) == {given_up.pk}


def test_seen_to_needs_a_note_and_a_listed_event(admin_client, client):
    event = lost(client)
    assert b"This field is required" in admin_client.post(at(event, "seen"), {"note": " "}).content
    assert listed(admin_client) == {event.pk}
    StripeEvent.objects.update(status="processed")
    assert "Nothing was changed" in told(admin_client.post(at(event, "seen"), {"note": "Mine."}))
    assert StripeEvent.objects.get().status == "processed" and not LogEntry.objects.exists()


def test_lost_events_are_for_those_who_may_move_money(client):
    event, reviewer = lost(client), staff_with("review", "see")
    assert reviewer.get(at(event, "seen")).status_code == 403
    assert reviewer.post(at(event, "seen"), {"note": "Mine."}).status_code == 403
    assert b"payment provider belong" not in reviewer.get(reverse("admin:orders_order_changelist")).content
    assert StripeEvent.objects.get().status == "unmatched"


def test_an_id_that_looks_like_an_escape_of_the_admin_is_found_from_everywhere(admin_client, client):
    order = make_order()
    deliver(client, session_event(order) | {"id": "evt_3A25"})
    event = StripeEvent.objects.get()
    for page in (reverse("admin:orders_order_change", args=[order.pk]), at(event), at(event, "seen")):
        assert f'href="{at(event, "change")}"' in admin_client.get(page).content.decode(), page
    assert admin_client.post(at(event), follow=True).redirect_chain == [(at(event, "change"), 302)]
    assert at(event) in admin_client.get(at(event, "change")).content.decode()
