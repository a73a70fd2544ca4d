"""Every button in every state of an order: its service's effect and an audit row, or a refusal and no row changed."""

import pytest
from django.db import transaction
from django.test import Client

from orders import links
from orders.admin.actions import ACTIONS
from orders.models import Mail, Order, OrderEvent
from orders.states import OrderStatus, allowed_actions
from tests.orders.admin.pages import NOTE, address, fields, press, rows, told
from tests.orders.builders import make_batch, make_order
from tests.orders.stages import STAGES, fresh, given_up, submitted, written

pytestmark = pytest.mark.django_db
S = OrderStatus
# What is possible in a state beside what the table of states says, for orders as tests.orders.stages makes them.
BESIDE = {
    S.PENDING_PAYMENT: {"paid_outside"},
    S.PROCESSING: {"refund"},
    S.QUALITY_CHECK: {"refund", "mark_link"},
    S.ADMIN_REVIEW: {"refund", "mark_link"},
    S.SCHEDULED: {"refund", "mark_link"},
    S.COMPLETED: {"refund", "mark_link", "erase"},
    S.FAILED: {"settle", "call_off"},
    S.CANCELLED: {"call_off"},
}
ALWAYS = {"show_link", "rotate_link", "change_email", "export"}
AUDIT = {
    "settle": "attention_settled",
    "paid_outside": "payment_confirmed",
    "refund": "refund_requested",
    "recheck": "recheck_asked",
    "call_off": "refund_canceled",
    "show_link": "link_shown",
    "rotate_link": "link_rotated",
    "change_email": "email_changed",
    "export": "exported",
    "erase": "erased",
}
TARGET = {
    "approve": S.COMPLETED,
    "schedule": S.SCHEDULED,
    "reject": S.QUALITY_CHECK,
    "rework": S.PROCESSING,
    "fail_finally": S.FAILED,
    "publish": S.COMPLETED,
    "unschedule": S.ADMIN_REVIEW,
    "requeue": S.PROCESSING,
    "cancel": S.CANCELLED,
    "paid_outside": S.PROCESSING,
}


def possible(order: Order) -> set[str]:
    by_state = set(allowed_actions(order.status)) & set(ACTIONS) - {"unclaim"}  # nobody has claimed it
    return by_state | BESIDE[order.status] | ALWAYS


class Undo(Exception):
    pass


@pytest.fixture
def tried():
    """A function that runs `check` and takes back all it wrote."""

    def run(check) -> None:
        try:
            with transaction.atomic():
                check()
                raise Undo
        except Undo:
            return

    return run


@pytest.mark.parametrize("stage", STAGES)
def test_a_button_does_what_its_service_does_or_changes_nothing(admin_client, admin_user, tried, stage):
    order = fresh(STAGES[stage]())

    def check(name: str) -> None:
        before, known = rows(), set(OrderEvent.objects.values_list("pk", flat=True))
        response = press(admin_client, order, name)
        new = OrderEvent.objects.exclude(pk__in=known)
        if name not in possible(order):
            assert response.status_code == 302 and rows() == before, name
            assert "Nothing was changed." in told(response) and order.get_status_display() in told(response), name
            return
        assert "Nothing was changed." not in told(response), name
        assert fresh(order).status == TARGET.get(name, order.status), name
        done = new.get(action=AUDIT.get(name, name))
        assert (done.actor_kind, done.actor_id) == ("staff", str(admin_user.pk)), name

    for name in ACTIONS:
        tried(lambda name=name: check(name))


@pytest.mark.parametrize("stage", STAGES)
def test_a_button_is_shown_exactly_where_it_works_and_asking_changes_nothing(admin_client, stage):
    order = fresh(STAGES[stage]())
    before = rows()
    page = admin_client.get(f"/admin/orders/order/{order.pk}/change/").content.decode()
    for name, action in ACTIONS.items():
        assert (address(order, name) in page) == (name in possible(order)), name
        asked = admin_client.get(address(order, name))
        assert asked.status_code == 200
        assert (f'value="{action.label}"'.encode() in asked.content.replace(b"&#x27;", b"'")) == (
            name in possible(order)
        ), name
    assert rows() == before


def test_what_is_wrong_stands_by_its_field_and_nothing_is_stored(admin_client):
    order, failed = submitted(), given_up()
    before = rows()
    for name, changes, words in [
        ("reject", {"note": " \u200b"}, "At least 1 characters"),
        ("rework", {"note": "short"}, "At least 10 characters"),
        ("schedule", {"publish_at": "2020-01-01T10:00"}, "Must be in the future."),
        ("schedule", {"publish_at": "soon"}, "Enter a valid date/time."),
        ("refund", {"amount": "49.01"}, "At most 4900"),
        ("refund", {"amount": "0"}, "At most 4900"),
        ("refund", {"amount": "-1"}, "greater than or equal to 0"),
        ("refund", {"amount": "1.999"}, "no more than 2 decimal places"),
        ("change_priority", {"priority": "first"}, "not one of the available choices"),
        ("mark_link", {"rel": "dofollow"}, "not one of the available choices"),
        ("approve", {"version_id": "x"}, "Enter a valid UUID."),
    ]:
        response = press(admin_client, order, name, **changes)
        assert response.status_code == 200 and words in response.content.decode(), (name, changes)
    failed = given_up()
    before = rows()
    assert (
        "not one of the available choices"
        in press(admin_client, failed, "requeue", model="nobody/none").content.decode()
    )
    assert rows() == before


def test_an_answer_typed_by_hand_cannot_approve_a_version_that_was_not_read(admin_client):
    order, other = submitted(), written(email="bea@example.com")
    before = rows()
    response = press(admin_client, order, "approve", version_id=str(other.current_version_id))
    assert "another version" in told(response) and rows() == before


def test_the_second_of_two_is_told_who_has_decided(admin_client, admin_user):
    order = submitted()
    press(admin_client, order, "approve")
    before = rows()
    assert f"approved by {admin_user}" in told(press(admin_client, order, "reject"))
    assert rows() == before


def test_the_link_is_shown_once_and_noted_and_a_new_one_revokes_it(admin_client, client):
    order = written()
    shown = press(admin_client, order, "show_link")
    assert "no-store" in shown["Cache-Control"]
    link = shown.context["shown"].value
    assert client.get(link).status_code == 302
    press(admin_client, order, "rotate_link")
    assert client.get(link).status_code == 404
    assert client.get(press(admin_client, order, "show_link").context["shown"].value).status_code == 302


def test_what_was_ordered_together_gets_new_links_together(admin_client, client):
    orders, stranger = make_batch(4900, 8900), make_order()
    paths = [links.status_path(order) for order in (*orders, stranger)]
    press(admin_client, orders[1], "rotate_link")
    assert [client.get(path).status_code for path in paths] == [404, 404, 302]
    for order, rotated in zip((*orders, stranger), (1, 1, 0), strict=True):
        assert order.events.filter(action="link_rotated").count() == rotated


def test_a_part_of_the_money_goes_back(admin_client):
    order = written()
    assert "$12.50 of order" in told(press(admin_client, order, "refund"))
    assert order.payments.get().refunds.get().amount == 1250


def test_unknown_actions_and_orders_are_not_found(admin_client):
    order = written()
    assert admin_client.post(address(order, "delete"), fields(order, "delete")).status_code == 404
    nowhere = Order(id="00000000-0000-4000-8000-000000000000")
    assert press(admin_client, nowhere, "approve").status_code == 404


def test_a_post_without_the_token_of_the_form_is_refused(admin_user):
    strict, order = Client(enforce_csrf_checks=True), submitted()
    strict.force_login(admin_user)
    before = rows()
    assert press(strict, order, "approve").status_code == 403
    assert rows() == before


def test_a_mail_is_sent_again_from_the_page_of_its_order(admin_client):
    order = written()
    mail = order.mails.first()
    Mail.objects.filter(pk=mail.pk).update(status="failed", error="The mail server answered 550.")
    assert admin_client.get(f"/admin/orders/mail/{mail.pk}/resend/").status_code == 403
    admin_client.post(f"/admin/orders/mail/{mail.pk}/resend/")
    mail.refresh_from_db()
    assert mail.status == "queued" and order.events.filter(action="mail_resent", actor_kind="staff").count() == 1


def test_notes_reach_the_audit_trail(admin_client):
    order = submitted()
    press(admin_client, order, "reject")
    assert order.events.get(action="reject").note == NOTE
    page = admin_client.get(f"/admin/orders/order/{order.pk}/change/").content.decode()
    assert NOTE in page and "staff: admin" in page
