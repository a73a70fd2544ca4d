"""Customers who do not answer: reminded on day 3 and 7, submitted on day 14, and each once."""

import datetime

import pytest
from django.utils import timezone

from orders import decisions, silence, worklists
from orders.models import Mail, Order, OrderEvent
from tests.concurrency import all_at_once
from tests.orders.builders import make_batch, make_order, make_paid_order
from tests.orders.stages import finish, fresh, make_staff, submitted, written

pytestmark = pytest.mark.django_db


def quiet(order: Order, **age) -> Order:
    """The order as if nothing had happened to it for so long."""
    OrderEvent.objects.filter(order=order).update(at=timezone.now() - datetime.timedelta(**age))
    return fresh(order)


def reminders(order: Order) -> list[str]:
    return [mail.dedupe_key.rpartition(":")[2] for mail in order.mails.filter(kind="review_reminder")]


def nothing() -> dict[str, int]:
    return {"submitted": 0, "reminded": 0, "reminded_to_pay": 0, "overdue": 0}


@pytest.mark.parametrize(
    ("age", "sent"), [({"days": 2, "hours": 23}, []), ({"days": 3}, ["day3"]), ({"days": 8}, ["day7"])]
)
def test_a_reminder_comes_when_it_is_due_and_once(age, sent):
    order = quiet(written(), **age)
    silence.attend()
    assert silence.attend() == nothing()
    assert reminders(order) == sent
    assert fresh(order).status == "QUALITY_CHECK"


def test_both_reminders_come_in_their_time_and_name_the_day_of_the_end():
    order = quiet(written(), days=3)
    silence.attend()
    quiet(order, days=7)
    assert silence.attend()["reminded"] == 1
    assert reminders(order) == ["day3", "day7"]
    ends = timezone.now() + datetime.timedelta(days=7)
    assert f"{ends.day} {ends:%B %Y}" in order.mails.filter(kind="review_reminder").last().text


def test_after_fourteen_days_the_editor_gets_it_from_the_system(settings):
    settings.ALERT_EMAILS = ["eve@copydesk.example"]
    order = quiet(written(), days=14)
    assert silence.attend() == nothing() | {"submitted": 1}
    order = fresh(order)
    assert order.status == "ADMIN_REVIEW"
    review = order.reviews.get()
    assert (review.submitted_by, review.version) == ("system", order.current_version)
    assert order.events.get(action="submit_for_review").actor_kind == "system"
    assert "submitted by itself" in order.mails.get(kind="staff_new_review").text
    assert reminders(order) == []
    assert silence.attend() == nothing()


def test_the_time_begins_anew_when_the_editor_sends_it_back():
    order = quiet(submitted(), days=20)
    decisions.reject(order_id=order.pk, note="Longer, please.", staff=make_staff())
    assert silence.attend() == nothing()
    quiet(order, days=3)
    assert silence.attend()["reminded"] == 1


def test_who_moves_while_we_look_is_left_alone():
    order = written()
    since = order.events.filter(to_status="QUALITY_CHECK").last().pk
    assert silence._submit(order.pk, since - 1) is False
    assert fresh(order).status == "QUALITY_CHECK" and not order.reviews.exists()


def test_an_unpaid_order_is_reminded_after_an_hour_once(django_user_model):
    young, due, batch, old = (make_order() for _ in range(4))
    for order, minutes in ((young, 59), (due, 60), (batch, 60), (old, 24 * 60)):
        Order.objects.filter(pk=order.pk).update(created_at=timezone.now() - datetime.timedelta(minutes=minutes))
    client = django_user_model.objects.create_user("client")
    by_api = {"batch": "0191f3c2-0000-7000-8000-000000000000", "owner": client, "email": "bob@example.com"}
    Order.objects.filter(pk=batch.pk).update(**by_api)
    paid = make_paid_order()
    Order.objects.filter(pk=paid.pk).update(created_at=timezone.now() - datetime.timedelta(hours=2))
    assert silence.attend() == nothing() | {"reminded_to_pay": 1}
    assert silence.attend() == nothing()
    mail = due.mails.get()
    assert mail.kind == "payment_reminder" and "$49.00" in mail.text
    assert not (young.mails.exists() or batch.mails.exists() or old.mails.exists())


def test_orders_of_one_form_are_reminded_of_once_with_what_is_to_pay_for_all(django_user_model):
    batch = make_batch(4900, 2900)
    Order.objects.update(created_at=timezone.now() - datetime.timedelta(hours=2))
    Order.objects.filter(pk=batch[1].pk).update(created_at=timezone.now() - datetime.timedelta(hours=1.9))
    assert silence.attend() == nothing() | {"reminded_to_pay": 1}
    assert silence.attend() == nothing()
    mail = batch[0].mails.get()
    assert "$49.00" in mail.text and "$29.00" in mail.text and "To pay for all: $78.00" in mail.text
    assert "$78.00" in mail.html and not batch[1].mails.exists()


def test_one_address_is_reminded_once_a_day_however_much_was_ordered_for_it():
    for _ in range(3):
        make_order()
    make_order(email="bob@example.com")
    Order.objects.update(created_at=timezone.now() - datetime.timedelta(hours=2))
    assert silence.attend() == nothing() | {"reminded_to_pay": 2}
    assert silence.attend() == nothing()
    assert sorted(Mail.objects.values_list("to", flat=True)) == ["ada@example.com", "bob@example.com"]


def test_late_work_comes_on_the_list_once_and_stays_off_when_staff_take_it_off():
    late, early, done = make_paid_order(), make_paid_order(), finish(make_paid_order())
    past = timezone.now() - datetime.timedelta(minutes=1)
    Order.objects.filter(pk__in=(late.pk, done.pk)).update(due_at=past)
    assert list(worklists.overdue()) == [late]
    assert silence.attend() == nothing() | {"overdue": 1}
    assert list(worklists.needing_attention()) == [late]
    assert "was due on" in fresh(late).attention_reason
    Order.objects.update(needs_attention=False, attention_reason="")
    assert silence.attend() == nothing()
    assert not worklists.needing_attention().exists()
    assert late.events.filter(action="overdue").count() == 1 and not early.events.filter(action="overdue").exists()


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_six_rounds_at_once_do_each_thing_once():
    silent, over, unpaid, late = quiet(written(), days=3), quiet(written(), days=14), make_order(), make_paid_order()
    Order.objects.filter(pk=unpaid.pk).update(created_at=timezone.now() - datetime.timedelta(hours=2))
    Order.objects.filter(pk=late.pk).update(due_at=timezone.now() - datetime.timedelta(hours=2))
    all_at_once([silence.attend] * 6)
    assert reminders(silent) == ["day3"]
    assert over.reviews.count() == 1 and fresh(over).status == "ADMIN_REVIEW"
    assert unpaid.mails.filter(kind="payment_reminder").count() == 1
    assert late.events.filter(action="overdue").count() == 1
