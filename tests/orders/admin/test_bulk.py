"""The same for many orders: said first, then done one by one, and what was skipped is named."""

import pytest

from orders import reviews
from orders.models import Mail
from tests.orders.admin.pages import rows, told
from tests.orders.builders import make_order
from tests.orders.stages import finish, fresh, given_up, make_staff, submitted, written

pytestmark = pytest.mark.django_db
LIST = "/admin/orders/order/"


def ask(client, name: str, orders, **more):
    client.cookies.pop("messages", None)
    chosen = {"action": name, "_selected_action": [str(order.pk) for order in orders]}
    return client.post(LIST, chosen | more)


def versions(*orders) -> dict:
    return {f"version_{order.pk}": str(order.current_version_id) for order in orders}


def test_approving_says_first_which_and_skips_the_others(admin_client):
    first, second, unread = submitted(), submitted(), written()
    before = rows()
    page = ask(admin_client, "approve", [first, second, unread]).content.decode()
    assert "2 orders will be approved." in page and "Skipped: 1 order" in page and rows() == before
    confirmed = {"confirmed": "yes"} | versions(first, second, unread)
    words = told(ask(admin_client, "approve", [first, second, unread], **confirmed))
    assert "2 orders approved." in words and "Skipped 1 order:" in words
    assert f"{unread} (status Customer review)" in words
    assert [fresh(order).status for order in (first, second, unread)] == ["COMPLETED", "COMPLETED", "QUALITY_CHECK"]
    assert first.events.get(action="approve").actor_kind == "staff"


def test_what_another_has_claimed_is_skipped(admin_client):
    free, taken = submitted(), submitted()
    reviews.claim(order_id=taken.pk, staff=make_staff("ann"))
    page = ask(admin_client, "approve", [free, taken]).content.decode()
    assert "1 order will be approved." in page and "Skipped: 1 order" in page
    words = told(ask(admin_client, "approve", [free, taken], confirmed="yes", **versions(free, taken)))
    assert "ann has claimed this review" in words
    assert [fresh(order).status for order in (free, taken)] == ["COMPLETED", "ADMIN_REVIEW"]


def test_a_version_that_came_after_the_page_is_not_approved(admin_client):
    order, other = submitted(), submitted()
    before = rows()
    for stale in ({}, {f"version_{order.pk}": str(other.current_version_id)}, {f"version_{order.pk}": "x"}):
        words = told(ask(admin_client, "approve", [order], confirmed="yes", **stale))
        assert "0 orders approved." in words and "There is another version by now." in words
    assert rows() == before


def test_failed_orders_are_written_again(admin_client):
    failed, done = given_up(), submitted()
    words = told(ask(admin_client, "requeue", [failed, done], confirmed="yes"))
    assert "1 order put back in line." in words and f"{done} (status Editor review)" in words
    assert fresh(failed).status == "PROCESSING"
    assert fresh(finish(fresh(failed))).status == "QUALITY_CHECK"


def test_a_priority_is_set_for_all_of_them(admin_client):
    orders = [written(), make_order()]
    assert 'name="priority"' in ask(admin_client, "set_priority", orders).content.decode()
    assert "Choose one" in told(ask(admin_client, "set_priority", orders, confirmed="yes", priority="first"))
    assert [fresh(order).priority for order in orders] == ["normal", "normal"]
    ask(admin_client, "set_priority", orders, confirmed="yes", priority="vip")
    assert [fresh(order).priority for order in orders] == ["vip", "vip"]


def test_the_last_mail_of_each_goes_out_again(admin_client):
    order, unpaid = written(), make_order()
    order.mails.update(status="sent")
    words = told(ask(admin_client, "resend", [order, unpaid], confirmed="yes"))
    assert "1 order written to again." in words and f"{unpaid} (status Waiting for payment)" in words
    assert list(Mail.objects.filter(order=order).values_list("status", flat=True)) == ["queued"]


def test_too_many_at_once_are_refused(admin_client, monkeypatch):
    monkeypatch.setattr("orders.admin.bulk.MOST_SELECTED", 1)
    orders = [submitted(), submitted()]
    before = rows()
    assert "more than 1 orders" in told(ask(admin_client, "approve", orders, confirmed="yes", **versions(*orders)))
    assert rows() == before
