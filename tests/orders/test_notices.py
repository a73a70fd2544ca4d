"""The mails that come with changes of an order: who is told what, and who is not."""

import datetime

import pytest
from django.utils import timezone

from orders import cancelling, decisions, emails, letters, lost_links, reviews, scheduling
from orders.actors import CUSTOMER, SYSTEM
from orders.models import Mail, Order
from orders.payments.base import RefundNews
from orders.payments.settling import note_refund
from orders.staff_emails import MOST_ALERTS
from orders.transitions import flag
from queues.models import Job
from tests.orders.builders import make_order, make_paid_order
from tests.orders.stages import given_up, make_staff, scheduled, submitted, written

pytestmark = pytest.mark.django_db
STAFF = ["eve@copydesk.example", "bob@copydesk.example"]


@pytest.fixture
def staffed(settings):
    settings.ALERT_EMAILS = STAFF


def only(order: Order, kind: str) -> Mail:
    """The one mail of this kind, with a job to send it and the link of its reader in both bodies."""
    mail = order.mails.get(kind=kind)
    assert Job.objects.filter(args={"mail_id": mail.pk}).count() == 1
    for body in (mail.text, mail.html):
        assert letters.LINK_MARK in body and order.code in body and "{{" not in body and "{%" not in body
    assert "no real money" in mail.text and "no real money" in mail.html
    return mail


def test_the_editors_note_reaches_the_customer():
    order = submitted()
    decisions.reject(order_id=order.pk, note="Too <b>short</b> & dull.", staff=make_staff())
    mail = only(order, "changes_requested")
    assert "Too <b>short</b> & dull." in mail.text
    assert "Too &lt;b&gt;short&lt;/b&gt; &amp; dull." in mail.html


def test_a_published_text_is_told_with_its_address():
    order = submitted()
    order = decisions.approve(order_id=order.pk, version_id=order.current_version_id, staff=make_staff())
    mail = only(order, "published")
    assert order.article.public_url in mail.text and order.article.public_url in mail.html
    assert not order.mails.filter(kind="scheduled").exists()


@pytest.mark.parametrize("by", ["hand", "clock"])
def test_a_scheduled_text_is_told_twice(by):
    order = scheduled()
    assert f"{order.publish_at:%Y}" in only(order, "scheduled").text
    assert not order.mails.filter(kind="published").exists()
    if by == "hand":
        scheduling.publish_now(order_id=order.pk, actor=SYSTEM)
    else:
        Order.objects.filter(pk=order.pk).update(publish_at=timezone.now() - datetime.timedelta(minutes=1))
        scheduling.publish_due()
        scheduling.publish_due()
    only(order, "published")


@pytest.mark.parametrize(("make", "words"), [(make_paid_order, "refund of $49.00"), (make_order, "You owe nothing")])
def test_a_cancelled_order_says_what_becomes_of_the_money(make, words):
    order = make()
    cancelling.cancel(order_id=order.pk, actor=CUSTOMER)
    mail = only(order, "cancelled")
    assert words in " ".join(mail.text.split()) and order.topic in mail.text


def test_staff_are_told_of_a_text_to_review(staffed):
    order = written()
    reviews.submit_for_review(order_id=order.pk, version_id=order.current_version_id, actor=CUSTOMER)
    reviews.submit_for_review(order_id=order.pk, version_id=order.current_version_id, actor=CUSTOMER)
    mails = order.mails.filter(kind="staff_new_review")
    assert sorted(mail.to for mail in mails) == sorted(STAFF)
    for mail in mails:
        assert f"/admin/orders/order/{order.pk}/change/" in mail.text
        assert letters.LINK_MARK not in mail.text + mail.html and "key to your order" not in mail.html


def test_a_refund_that_fails_is_told_to_staff_once_and_not_as_a_second_alert(staffed):
    order = given_up()
    payment, before = order.payments.get(), order.mails.filter(kind="staff_alert").count()
    refund = payment.refunds.get()
    news = RefundNews("re_1", "failed", refund.amount, "usd", payment.intent_id, str(refund.pk), "account closed")
    note_refund(payment=payment, news=news, actor=SYSTEM)
    note_refund(payment=payment, news=news, actor=SYSTEM)
    mails = order.mails.filter(kind="refund_failed")
    assert sorted(mail.to for mail in mails) == sorted(STAFF)
    assert "$49.00" in mails[0].text and "account closed" in mails[0].text
    assert order.mails.filter(kind="staff_alert").count() == before


def test_an_order_that_needs_somebody_is_told_once_for_each_reason(staffed):
    order = make_order()
    for reason in ("Paid twice.", "Paid twice.", "Disputed."):
        flag(order, reason)
    assert order.mails.filter(kind="staff_alert").count() == 2 * len(STAFF)


def test_a_storm_of_alerts_ends(staffed):
    for order in [make_order() for _ in range(MOST_ALERTS + 2)]:
        flag(order, "The provider is away.")
    assert Mail.objects.filter(kind="staff_alert").values("order").distinct().count() == MOST_ALERTS
    assert Order.objects.filter(needs_attention=True).count() == MOST_ALERTS + 2


def test_without_addresses_of_staff_nothing_is_written_to_them():
    flag(submitted(), "Paid twice.")
    assert not Mail.objects.filter(kind__in=("staff_alert", "staff_new_review")).exists()


def test_every_subject_is_short_and_plain(staffed, settings):
    order = submitted()
    decisions.reject(order_id=order.pk, note="Longer, please.", staff=make_staff())
    flag(order, "Über alles: " + "ä" * 180)
    for mail in Mail.objects.all():
        assert mail.subject.isascii() and len(mail.subject) <= 78
        assert mail.subject.startswith("[TEST] ") and mail.subject.count("[TEST]") == 1


def test_with_real_money_nothing_is_called_a_test(settings):
    order = make_order()
    settings.PAYMENTS, settings.STRIPE_SECRET_KEY = "stripe", "sk_live_" + "x" * 24
    mail = emails.payment_reminder(order, [order])
    assert "TEST" not in mail.subject and "no real money" not in mail.text


def test_lost_links_are_mailed_once_a_day_and_to_their_owner_only():
    order, other = make_order(), make_order(email="eve@example.com")
    lost_links.send_links(" ADA@example.com ")
    lost_links.send_links("ada@example.com")
    lost_links.send_links("nobody@example.com")
    only(order, "link_resend")
    assert not other.mails.filter(kind="link_resend").exists()


@pytest.mark.parametrize(("hours", "mails"), [(23, 1), (25, 2)])
def test_a_lost_link_is_mailed_again_after_a_day_and_not_before(hours, mails):
    order = make_order()
    lost_links.send_links(order.email)
    before = timezone.now() - datetime.timedelta(hours=hours)
    order.mails.update(created_at=before, dedupe_key="of the day before")
    lost_links.send_links(order.email)
    assert order.mails.filter(kind="link_resend").count() == mails
