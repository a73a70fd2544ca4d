"""Without the right there is neither a button nor an answer to its POST."""

import pytest
from django.urls import reverse

from orders.admin.actions import ACTIONS
from orders.models import StripeEvent
from tests.orders.admin.pages import address, press, rows, staff_with, told
from tests.orders.builders import make_order
from tests.orders.stages import fresh, published, scheduled, submitted, written

pytestmark = pytest.mark.django_db
MONEY = {"refund", "paid_outside", "take_held", "recheck", "paid_by_hand", "call_off"}
DATA = {"export", "erase"}
SENDS_BACK = {"cancel", "fail_finally"}  # what was paid, so both rights are needed


def may(rights: tuple[str, ...]) -> set[str]:
    found = MONEY if "refund" in rights else set()
    found = found | (DATA if "erase" in rights else set())
    if "review" in rights:
        found = found | (set(ACTIONS) - MONEY - DATA - (SENDS_BACK if "refund" not in rights else set()))
    return found


@pytest.mark.parametrize(
    "rights", [("see",), ("review",), ("refund",), ("erase",), ("review", "refund"), ("see", "erase")], ids="+".join
)
def test_each_right_opens_its_own_buttons_and_no_others(rights):
    client = staff_with(*rights)
    for order in (make_order(), submitted(email="bea@example.com"), published()):
        page = client.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()
        before = rows()
        money = order.status != "PENDING_PAYMENT"
        allowed = may(rights) | (SENDS_BACK if "review" in rights and not money else set())
        for name in ACTIONS:
            if name in allowed:
                assert client.get(address(order, name)).status_code == 200, name
                continue
            assert address(order, name) not in page, name
            assert client.get(address(order, name)).status_code == 403, name
            assert press(client, order, name).status_code == 403, name
        assert rows() == before


@pytest.mark.parametrize("rights", [("see",), ("refund",), ("erase",)])
def test_the_review_queue_and_the_outbox_are_for_reviewers(rights):
    client, order = staff_with(*rights), submitted()
    before = rows()
    assert client.get(reverse("admin:orders_review_changelist")).status_code == 403
    assert client.get(reverse("admin:orders_review_change", args=[order.reviews.get().pk])).status_code == 403
    assert client.post(reverse("admin:orders_mail_resend", args=[order.mails.first().pk])).status_code == 403
    wanted = {"action": "approve", "_selected_action": [str(order.pk)], "confirmed": "yes"}
    client.post(reverse("admin:orders_order_changelist"), wanted | {f"version_{order.pk}": order.current_version_id})
    assert rows() == before


def test_events_are_handled_again_by_those_who_may_move_money():
    event = StripeEvent.objects.create(pk="evt_1", type="charge.updated", payload={"id": "evt_1"})
    at = reverse("admin:orders_stripeevent_replay", args=[event.pk])
    client = staff_with("review", "see", "erase")
    assert client.get(at).status_code == client.post(at).status_code == 403
    assert StripeEvent.objects.get().attempts == 0


def test_customers_and_people_without_any_right_see_nothing(client, django_user_model):
    order = written()
    at = reverse("admin:orders_order_change", args=[order.pk])
    assert client.get(at).status_code == 302
    client.force_login(django_user_model.objects.create_user("ada"))
    assert client.get(at).status_code == 302 and press(client, order, "rotate_link").status_code == 302
    client.force_login(django_user_model.objects.create_user("bea", is_staff=True))
    assert client.get(at).status_code == 403 and press(client, order, "rotate_link").status_code == 403
    assert not order.events.filter(action="link_rotated").exists()


def test_beyond_the_limit_money_is_for_superusers(settings, admin_client):
    settings.REFUND_LIMIT = 2000
    client, order = staff_with("review", "refund"), submitted()
    before = rows()
    assert press(client, order, "cancel").status_code == press(client, order, "fail_finally").status_code == 403
    assert "$20.00" in press(client, order, "refund", amount="20.01").content.decode()
    assert rows() == before
    assert "$12.50" in told(press(client, order, "refund", amount="12.50"))
    refused = press(client, order, "refund", amount="7.51").content.decode()  # many small ones are a large one
    assert "$20.00" in refused and order.payments.get().refunds.count() == 1
    press(client, order, "refund", amount="7.50")
    press(admin_client, order, "refund", amount="29.00")
    assert sum(order.payments.get().refunds.values_list("amount", flat=True)) == 4900


def test_a_limit_does_not_touch_what_costs_nothing(settings):
    settings.REFUND_LIMIT = 1
    client = staff_with("review")
    order = make_order()
    press(client, order, "cancel")
    assert fresh(order).status == "CANCELLED"
    order = scheduled()
    press(client, order, "publish")
    assert fresh(order).status == "COMPLETED"
