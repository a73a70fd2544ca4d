"""An order leaves staff's list when somebody has seen to it, and why it was there is kept."""

import pytest

from orders import attention
from orders.models import Order
from orders.transitions import Conflict
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
