"""What happens to an order twice is told twice: once each time, however often a job is delivered or killed."""

import pytest
from django.db import transaction

from orders import attention, decisions, fulfilment, requeueing, reviews, revisions
from orders.actors import CUSTOMER, SYSTEM
from orders.models import Mail, Order
from orders.payments import payouts, settling
from orders.transitions import flag
from queues import control
from queues.models import Job
from tests.orders.builders import make_paid_order, make_product
from tests.orders.payments.paying_back import requested
from tests.orders.stages import exhaust, finish, fresh, given_up, make_staff, running, submitted
from tests.orders.test_action_races import duel
from tests.orders.works import REVISED

pytestmark = pytest.mark.django_db
STAFF = ["eve@copydesk.example", "bob@copydesk.example"]


@pytest.fixture(autouse=True)
def staffed(settings):
    settings.ALERT_EMAILS = STAFF


def mails(order: Order, kind: str) -> int:
    """How many there are of this kind; each has its own Message-ID and one job that sends it."""
    found = order.mails.filter(kind=kind)
    for mail in found:
        assert Job.objects.filter(kind="orders.send_mail", args={"mail_id": mail.pk}).count() == 1
    assert len(set(found.values_list("message_id", flat=True))) == len(found)
    return len(found)


def requeue(order: Order, *, dead_letter_first: bool = False) -> Order:
    if dead_letter_first:  # then the order waits for the very job that has failed before
        assert control.retry(Job.objects.get(pk=order.current_job))
    return requeueing.requeue(order_id=order.pk, staff=make_staff())[0]


@pytest.mark.parametrize("same_job", [False, True])
def test_an_order_that_fails_again_after_staff_requeued_it_is_told_again(same_job):
    order = given_up()
    assert (mails(order, "order_failed"), mails(order, "staff_alert")) == (1, 2)
    first, order = order.current_job, requeue(order, dead_letter_first=same_job)
    assert (order.current_job == first) == same_job
    assert (mails(order, "order_failed"), mails(order, "staff_alert")) == (1, 2)
    exhaust(running(order))
    assert fresh(order).status == "FAILED"
    assert (mails(order, "order_failed"), mails(order, "staff_alert")) == (2, 4)


def test_a_failure_is_told_once_when_its_job_is_delivered_twice_or_killed_before_the_commit():
    order = requeue(given_up())
    job = running(order)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        exhaust(job)
        raise KeyboardInterrupt
    assert (fresh(order).status, mails(order, "order_failed"), mails(order, "staff_alert")) == ("PROCESSING", 1, 2)
    for _ in range(3):
        exhaust(job)
    assert (fresh(order).status, mails(order, "order_failed"), mails(order, "staff_alert")) == ("FAILED", 2, 4)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_two_deliveries_that_fail_at_once_are_told_once():
    def prepare():
        return running(requeue(given_up()))

    duel(5, prepare, exhaust, exhaust)
    assert Order.objects.filter(status="FAILED").count() == 5
    assert all((mails(order, "order_failed"), mails(order, "staff_alert")) == (2, 4) for order in Order.objects.all())


def test_an_editor_who_gives_up_a_second_time_tells_so_again():
    order = submitted()
    decisions.fail_finally(order_id=order.pk, note="Nobody can read this.", staff=make_staff())
    order = finish(requeue(order))
    reviews.submit_for_review(order_id=order.pk, version_id=order.current_version_id, actor=CUSTOMER)
    decisions.fail_finally(order_id=order.pk, note="Nor this.", staff=make_staff())
    assert (mails(order, "order_failed"), mails(order, "staff_new_review")) == (2, 4)


def test_a_reason_that_comes_back_after_staff_have_seen_to_it_is_told_again():
    order = make_paid_order()
    for _ in range(3):
        flag(order, "Disputed.")
    assert mails(order, "staff_alert") == 2
    attention.settle(order_id=order.pk, staff=make_staff())
    for _ in range(3):
        flag(order, "Disputed.")
    assert mails(order, "staff_alert") == 4


def test_a_refund_that_needs_staff_again_after_they_have_asked_anew_is_told_again():
    order = make_paid_order()
    refund = requested(order)
    for told in (2, 4):
        payouts._submitted(str(refund.pk), SYSTEM)
        for _ in range(2):
            settling.needs_staff(refund=refund, actor=SYSTEM, failure="No balance.")
        assert mails(order, "refund_failed") == told
    assert not order.mails.filter(kind="refunded").exists()


@pytest.mark.django_db(transaction=True)
def test_versions_and_reviews_that_come_again_are_told_again(fake, settings):
    settings.AI_MODEL = "openai/editor"
    order = finish(make_paid_order(product=make_product(slug="short", words=120)))
    for number, jar in enumerate(("a jar", "a large jar"), start=1):
        fake.says["editor"] = REVISED.replace("a jar", jar)
        notes = f"Please make it simpler, wish {number}."
        revision, _ = revisions.request_revision(order_id=order.pk, notes=notes, actor=CUSTOMER)
        job = running(fresh(order))
        fulfilment.revise_article(order_id=str(order.pk), revision_id=str(revision.pk), job=job)
        version = fresh(order).current_version_id
        reviews.submit_for_review(order_id=order.pk, version_id=version, actor=CUSTOMER)
        decisions.reject(order_id=order.pk, note="Not yet.", staff=make_staff())
        told = mails(order, "revision_ready"), mails(order, "staff_new_review"), mails(order, "changes_requested")
        assert told == (number, 2 * number, number)
    revisions_failed(order)


def revisions_failed(order: Order) -> None:
    for number in (1, 2):
        revisions.request_revision(order_id=order.pk, notes=f"Please add a poem, wish {number}.", actor=CUSTOMER)
        before = Mail.objects.filter(kind="staff_alert").count()
        exhaust(running(fresh(order)))
        assert mails(order, "revision_failed") == number
        assert Mail.objects.filter(kind="staff_alert").count() == before + 2


@pytest.mark.django_db(transaction=True)
def test_a_first_text_that_is_written_again_is_told_again(fake, settings):
    settings.AI_MODEL = "openai/ok"
    order = make_paid_order(product=make_product(slug="short", words=120))
    for told in (1, 2):
        fulfilment.generate_article(order_id=str(order.pk), job=running(fresh(order)))
        assert mails(order, "article_ready") == told
        if told == 1:
            decisions.fail_finally(order_id=order.pk, note="Another model, please.", staff=make_staff())
            requeue(fresh(order))
