"""Staff and the customer's key: what a change of address does to the links and mails that are about."""

import pytest
from django.core.exceptions import ValidationError

from orders import customer_links, links
from orders.actors import SYSTEM
from orders.erasing import erase_order
from orders.models import Mail, OrderEvent
from orders.transitions import Conflict
from tests.orders.builders import make_paid_order
from tests.orders.stages import fresh, make_staff, published, snapshot

pytestmark = pytest.mark.django_db
NEW = "lovelace@example.com"


def change(order, email: str = NEW):
    return customer_links.change_email(order_id=order.pk, email=email, staff=make_staff())


def test_a_new_address_gets_a_new_link_and_the_old_link_opens_nothing(client):
    order = make_paid_order()
    old = links.status_path(order)
    assert client.get(old).status_code == 302
    order = change(order, f"  {NEW} ")
    client.cookies.clear()
    assert client.get(old).status_code == 404
    assert client.get(links.status_path(order)).status_code == 302
    assert Mail.objects.get(kind="link_resend").to == NEW
    event = order.events.get(action="email_changed")
    assert (event.actor_kind, event.data) == ("staff", {"old": "ada@example.com", "new": NEW})


def test_no_mail_carries_the_new_link_to_the_old_address():
    order, other = make_paid_order(), make_paid_order()
    change(order)
    assert not order.mails.filter(to="ada@example.com").exists()
    assert other.mails.get().to == "ada@example.com"
    assert set(order.mails.values_list("to", flat=True)) == {NEW}


@pytest.mark.parametrize("email", ["", "nobody", "ada@example.com", "a@b.example\nBcc: eve@example.com", "\u200b"])
def test_what_is_no_new_address_is_refused(email):
    order = make_paid_order()
    before = snapshot()
    with pytest.raises(ValidationError) as refusal:
        change(order, email)
    assert list(refusal.value.message_dict) == ["email"]
    assert snapshot() == before and not Mail.objects.filter(kind="link_resend").exists()


def test_an_erased_order_gets_no_address_and_an_erased_trail_holds_none():
    order = change(published())
    erase_order(order_id=order.pk, actor=SYSTEM)
    assert OrderEvent.objects.get(action="email_changed").data == {}
    with pytest.raises(Conflict) as refusal:
        change(order)
    assert refusal.value.code == "erased" and fresh(order).email == ""
