"""What the editor decides, and what readers, the customer and the money see of it."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from orders import decisions, requeueing, reviews, revisions, scheduling
from orders.actors import CUSTOMER
from orders.models import Mail, Order, Refund
from orders.selectors import order_by_id, status_payload
from orders.transitions import Conflict
from queues.models import Job
from tests.orders.stages import fresh, make_staff, published, scheduled, snapshot, submitted, written

pytestmark = pytest.mark.django_db
LATER = datetime.timedelta(days=1)


def payload(order: Order) -> dict:
    return status_payload(order_by_id(order.pk))


def approve(order: Order, **options) -> Order:
    options = {"version_id": order.current_version_id, "staff": make_staff()} | options
    return decisions.approve(order_id=order.pk, **options)


def test_approving_shows_the_version_to_readers_and_its_address_to_the_customer(client):
    order = submitted()
    assert payload(order)["articleUrl"] is None
    approve(order, note="Well done.")
    order = fresh(order)
    assert order.article.published_version == order.current_version
    assert order.current_version.backlink_review_status == "APPROVED"
    review = order.reviews.get()
    assert (review.decision, review.staff, review.note) == ("approved", make_staff(), "Well done.")
    url = payload(order)["articleUrl"]
    assert url.endswith(f"/articles/{order.article.slug}")
    assert client.get(f"/articles/{order.article.slug}").status_code == 200


def test_a_version_that_came_after_the_page_was_opened_is_not_approved_unread():
    order = submitted()
    before = snapshot()
    with pytest.raises(Conflict) as refusal:
        approve(order, version_id=uuid.uuid4())
    assert refusal.value.code == "version_changed"
    assert snapshot() == before
    assert not fresh(order).article.published_version_id


def test_the_second_editor_reads_who_was_first():
    order = submitted()
    approve(order, staff=make_staff("ann"))
    with pytest.raises(Conflict, match="approved by ann"):
        decisions.reject(order_id=order.pk, note="Too late.", staff=make_staff("bob"))
    assert fresh(order).status == "COMPLETED"


def test_a_time_that_is_over_is_no_time_to_publish():
    order, staff = submitted(), make_staff()
    before = snapshot()
    with pytest.raises(ValidationError) as refusal:
        approve(order, publish_at=timezone.now(), staff=staff)
    assert list(refusal.value.message_dict) == ["publish_at"]
    assert snapshot() == before


def test_a_rejected_version_goes_back_with_the_note_and_can_be_handed_in_again():
    order = submitted()
    decisions.reject(order_id=order.pk, note="The second paragraph says it twice.", staff=make_staff())
    seen = payload(order)
    assert (seen["status"], seen["reviewNote"]) == ("QUALITY_CHECK", "The second paragraph says it twice.")
    assert (seen["canRequestRevision"], seen["canSubmitForReview"]) == (True, True)
    assert seen["version"]["backlink"]["reviewStatus"] == "REJECTED"
    again = reviews.submit_for_review(order_id=order.pk, version_id=order.current_version_id, actor=CUSTOMER)
    assert order.reviews.count() == 2
    assert (payload(order)["reviewNote"], again.decision) == (None, "pending")


def test_giving_up_sends_the_money_back_and_says_so():
    order = submitted()
    decisions.fail_finally(order_id=order.pk, note="We cannot write about this.", staff=make_staff())
    assert (fresh(order).status, order.reviews.get().decision) == ("FAILED", "failed")
    assert Refund.objects.get().amount == order.amount
    assert Mail.objects.filter(kind="order_failed").count() == 1


def test_a_failed_order_is_written_again_and_its_refund_called_off():
    order = written()
    decisions.fail_finally(order_id=order.pk, note="No.", staff=make_staff())
    order, job = requeueing.requeue(order_id=order.pk, staff=make_staff())
    assert (order.status, order.current_job, job.kind) == ("PROCESSING", job.pk, "orders.generate_article")
    assert Refund.objects.get().status == "canceled"
    assert Job.objects.open().filter(dedupe_key=f"order:{order.pk}").count() == 1


@pytest.mark.parametrize("status", ["submitted", "pending", "succeeded"])
def test_once_money_is_on_its_way_nothing_is_written_for_it(status):
    order = written()
    staff = make_staff()
    decisions.fail_finally(order_id=order.pk, note="No.", staff=staff)
    Refund.objects.update(status=status)
    before = snapshot()
    with pytest.raises(Conflict) as refusal:
        requeueing.requeue(order_id=order.pk, staff=staff)
    assert refusal.value.code == "refund_sent"
    assert snapshot() == before


def test_an_unknown_model_is_refused():
    order = written()
    staff = make_staff()
    decisions.fail_finally(order_id=order.pk, note="No.", staff=staff)
    before = snapshot()
    with pytest.raises(ValidationError):
        requeueing.requeue(order_id=order.pk, staff=staff, model="openai/none-such")
    assert snapshot() == before


def test_what_is_due_goes_live_and_what_is_not_waits():
    due, waiting = scheduled(), scheduled()
    Order.objects.filter(pk=due.pk).update(publish_at=timezone.now())
    assert [scheduling.publish_due(), scheduling.publish_due()] == [1, 0]
    assert (fresh(due).status, fresh(waiting).status) == ("COMPLETED", "SCHEDULED")
    assert fresh(due).article.published_version and not fresh(waiting).article.published_version
    assert fresh(due).events.last().actor_kind == "system"


def test_what_is_put_off_while_it_is_looked_at_waits():
    order = scheduled()
    before = snapshot()
    assert scheduling._publish_if_due(order.pk) is False
    assert snapshot() == before


def test_a_version_that_would_cost_another_customer_the_link_goes_back_to_review():
    order, other = scheduled(), published()
    version = order.current_version
    version.article = other.article  # as a link in an article that got another order's link meanwhile
    version.number, version.backlink = 99, {"targetUrl": "https://x.example.com", "anchorText": "x"}
    version.save()
    Order.objects.filter(pk=order.pk).update(publish_at=timezone.now(), article=other.article)
    assert scheduling.publish_due() == 0
    order = fresh(order)
    assert (order.status, order.needs_attention, order.publish_at) == ("ADMIN_REVIEW", True, None)
    assert "paid link" in order.attention_reason
    assert order.reviews.filter(decision="pending").count() == 1
    assert fresh(other).article.published_version == other.current_version


def test_putting_off_and_taking_back_are_told_to_the_customer():
    order = scheduled()
    later = timezone.now() + 2 * LATER
    scheduling.reschedule(order_id=order.pk, publish_at=later, staff=make_staff())
    assert payload(order)["publishAt"] == later.isoformat().replace("+00:00", "Z")
    scheduling.unschedule(order_id=order.pk, staff=make_staff())
    assert (payload(order)["publishAt"], fresh(order).status) == (None, "ADMIN_REVIEW")
    assert list(order.reviews.values_list("decision", flat=True)) == ["approved", "pending"]
    assert fresh(order).current_version.backlink_review_status == "PENDING_REVIEW"


def test_a_claim_is_one_editors_until_it_is_let_go():
    order, ann, bob = submitted(), make_staff("ann"), make_staff("bob")
    first = reviews.claim(order_id=order.pk, staff=ann)
    assert reviews.claim(order_id=order.pk, staff=ann) == first
    for act in (reviews.claim, reviews.unclaim):
        with pytest.raises(Conflict, match="ann has claimed"):
            act(order_id=order.pk, staff=bob)
    reviews.unclaim(order_id=order.pk, staff=ann)
    assert reviews.claim(order_id=order.pk, staff=bob).claimed_by == bob
    assert [event.action for event in order.events.filter(action__contains="claim")] == ["claim", "unclaim", "claim"]


def test_whoever_decides_has_claimed_it():
    deciders = {
        "approve": approve,
        "schedule": lambda order, staff: approve(order, staff=staff, publish_at=timezone.now() + LATER),
        "reject": lambda order, staff: decisions.reject(order_id=order.pk, note="Too long.", staff=staff),
        "rework": lambda order, staff: revisions.rework(order_id=order.pk, note="Half as long.", staff=staff),
        "fail_finally": lambda order, staff: decisions.fail_finally(order_id=order.pk, note="No.", staff=staff),
    }
    ann, bob = make_staff("ann"), make_staff("bob")
    for action, decide in deciders.items():
        free, taken = submitted(), submitted()
        decide(free, staff=bob)
        review = free.reviews.get()
        assert review.claimed_by == review.staff == bob
        assert list(free.events.filter(actor_kind="staff").values_list("action", flat=True)[:2]) == ["claim", action]
        reviews.claim(order_id=taken.pk, staff=ann)
        before = snapshot()
        with pytest.raises(Conflict) as refusal:
            decide(taken, staff=bob)
        assert refusal.value.code == "review_claimed"
        assert snapshot() == before
        reviews.claim(order_id=taken.pk, staff=bob, take_over=True)
        decide(taken, staff=bob)
        assert taken.events.get(action="take_over").data["from"] == "ann"


def test_taking_over_what_nobody_else_has_is_claiming_it():
    order, ann = submitted(), make_staff("ann")
    for _ in range(2):
        assert reviews.claim(order_id=order.pk, staff=ann, take_over=True).claimed_by == ann
    assert [event.action for event in order.events.filter(actor_kind="staff")] == ["claim"]


def test_what_is_with_its_customer_needs_no_claim():
    order = written()
    revisions.rework(order_id=order.pk, note="Half as long.", staff=make_staff())
    assert fresh(order).status == "PROCESSING"
