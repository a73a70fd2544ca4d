"""Fair use of revisions, and staff's own wishes."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from orders import policy, revisions
from orders.actors import CUSTOMER
from orders.models import Order, RevisionRequest
from orders.transitions import Conflict
from queues.control import retry
from queues.models import Job
from tests.orders.stages import NOTES, exhaust, finish, fresh, make_staff, running, snapshot, submitted, written

pytestmark = pytest.mark.django_db


def revise(order: Order, notes: str = ""):
    """Asks for `notes`, or for something that was not asked for before."""
    notes = notes or f"{NOTES} {RevisionRequest.objects.count()}"
    return revisions.request_revision(order_id=order.pk, notes=notes, actor=CUSTOMER)


def used(order: Order, times: int) -> None:
    for number in range(times):
        wish = {"base": order.current_version, "notes": f"{NOTES} {number}", "asked_by": "customer"}
        RevisionRequest.objects.create(order=order, **wish)


def test_a_revision_goes_before_first_versions_of_the_same_priority():
    order = written()
    assert revise(order)[1].priority < Job.objects.get(kind="orders.generate_article").priority


def test_the_last_included_revision_is_like_the_others_and_the_next_one_is_slower_and_seen_by_staff():
    order = written()
    used(order, order.included_revisions - 1)
    job = revise(order)[1]
    assert (job.priority, fresh(order).needs_attention) == (4, False)
    order = finish(fresh(order))
    job = revise(order)[1]
    assert job.priority == 7
    assert fresh(order).attention_reason == "Revision 6 was asked for; 5 are included."


def test_after_twenty_the_answer_is_no():
    order = written()
    used(order, policy.MOST_REVISIONS)
    before = snapshot()
    with pytest.raises(Conflict) as refusal:
        revise(order)
    assert refusal.value.code == "revision_limit"
    assert snapshot() == before
    assert "request_revision" not in policy.possible(order, policy.standing(order))


def test_a_revision_that_failed_is_not_counted():
    order = written()
    version = order.current_version
    revise(order)
    assert policy.standing(order).revisions_used == 1
    exhaust(running(fresh(order)))
    order = fresh(order)
    assert (order.status, order.current_version) == ("QUALITY_CHECK", version)
    assert policy.standing(order).revisions_used == 0


def test_staffs_wishes_are_not_the_customers():
    order = submitted()
    staff = make_staff()
    revision, job = revisions.rework(order_id=order.pk, note=NOTES, staff=staff)
    assert (revision.asked_by, revision.counts_as_used, revision.job_id) == ("staff", False, job.pk)
    assert policy.standing(order).revisions_used == 0
    review = order.reviews.get()
    assert (review.decision, review.staff, review.note) == ("rework", staff, NOTES)
    assert fresh(order).events.last().actor_id == str(staff.pk)


def test_staff_may_ask_for_another_version_while_the_customer_reads():
    order = written()
    revisions.rework(order_id=order.pk, note=NOTES, staff=make_staff())
    assert (fresh(order).status, order.reviews.count()) == ("PROCESSING", 0)


def test_staffs_note_has_to_say_something():
    order = written()
    before = snapshot()
    with pytest.raises(ValidationError):
        revisions.rework(order_id=order.pk, note="no", staff=make_staff())
    del before["Order"]
    assert {name: rows for name, rows in snapshot().items() if name in before} == before


def test_a_dead_letter_that_staff_put_back_is_not_taken_for_the_revision():
    order = written()
    revise(order)
    dead = running(fresh(order))
    exhaust(dead)
    assert retry(Job.objects.get(pk=dead.id))
    before = snapshot()
    with pytest.raises(Conflict) as refusal:
        revise(order)
    assert refusal.value.code == "busy"
    assert snapshot() == before


def test_a_version_of_another_order_cannot_be_revised_into_this_one():
    order, other = written(), written()
    before = snapshot()
    with pytest.raises(Conflict):
        revisions.request_revision(order_id=order.pk, notes=NOTES, actor=CUSTOMER, version_id=other.current_version_id)
    assert snapshot() == before


def test_a_vip_orders_revision_is_first():
    order = written()
    Order.objects.filter(pk=order.pk).update(priority="vip")
    assert revise(order)[1].priority == 1


@pytest.mark.parametrize("end", [finish, lambda order: exhaust(running(order))], ids=["made", "failed"])
def test_a_second_click_is_no_second_wish_when_the_first_has_ended_meanwhile(end, monkeypatch):
    order = written()
    revise(order, NOTES)
    end(fresh(order))
    before = snapshot()
    with pytest.raises(Conflict) as refusal:
        revise(order, NOTES)
    assert refusal.value.code == "repeated"
    assert snapshot() == before
    monkeypatch.setattr(revisions, "REPEAT", datetime.timedelta(0))
    revise(order, NOTES)
    assert RevisionRequest.objects.count() == 2


def test_other_words_are_another_wish_and_staff_may_say_the_same():
    order = written()
    revise(order, NOTES)
    finish(fresh(order))
    revise(order, f"{NOTES} Now!")
    finish(fresh(order))
    revisions.rework(order_id=order.pk, note=NOTES, staff=make_staff())
    assert RevisionRequest.objects.count() == 3
