"""An order leaves staff's list when somebody has seen to it, and why it was there is kept."""

import pytest
from django.db import transaction

from orders import attention
from orders.models import Order
from orders.transitions import Conflict, flag
from tests.orders.builders import make_order
from tests.orders.stages import fresh, make_staff, snapshot

pytestmark = pytest.mark.django_db


def test_seeing_to_it_takes_it_off_the_list_and_keeps_the_reason():
    order, staff = make_order(), make_staff()
    Order.objects.filter(pk=order.pk).update(needs_attention=True, attention_reason="Paid twice")
    attention.settle(order_id=order.pk, staff=staff, note="Called her.")
    assert not fresh(order).needs_attention and fresh(order).attention_reason == ""
    event = order.events.get(action="attention_settled")
    assert (event.data, event.note, event.actor_id) == ({"attention": "Paid twice"}, "Called her.", str(staff.pk))
    before = snapshot()
    with pytest.raises(Conflict):
        attention.settle(order_id=order.pk, staff=staff)
    assert snapshot() == before


def test_every_reason_is_kept_although_the_list_shows_the_newest():
    order = make_order()
    with transaction.atomic():
        for reason in ("Paid twice", "x" * 300):
            flag(order, reason)
    assert fresh(order).attention_reason == "x" * 200
    kept = order.events.filter(action="flagged", actor_kind="system")
    assert list(kept.values_list("note", flat=True)) == ["Paid twice", "x" * 200]
