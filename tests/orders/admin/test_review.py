"""The review queue: the oldest first, one reader at a time, the next one after each decision."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from content.articles.models import ArticleVersion
from orders import reviews
from orders.actors import CUSTOMER
from orders.models import Review
from tests.orders.admin.pages import NOTE, address, fields, press, rows, staff_with, told
from tests.orders.stages import finish, fresh, scheduled, submitted

pytestmark = pytest.mark.django_db
QUEUE = "/admin/orders/review/"
DECISIONS = ["approve", "schedule", "reject", "rework", "fail_finally"]


def reading(order) -> str:
    return reverse("admin:orders_review_change", args=[order.reviews.last().pk])


def test_the_queue_shows_what_waits_the_oldest_first(admin_client):
    first, second = submitted(), submitted()
    page = admin_client.get(QUEUE).content.decode()
    assert page.index(reading(first)) < page.rindex(reading(second))
    assert "2 wait for a decision" in page


def test_an_empty_queue_says_so(admin_client):
    page = admin_client.get(QUEUE).content.decode()
    assert "Nothing waits for review." in page and "Nothing is scheduled." in page


def test_what_is_scheduled_is_listed_with_its_time(admin_client):
    order = scheduled()
    page = admin_client.get(QUEUE).content.decode()
    assert f"{order.publish_at:%H:%M}" in page
    for name in ("publish", "reschedule", "unschedule"):
        assert address(order, name) in page
    press(admin_client, order, "unschedule")
    assert "Nothing is scheduled." in admin_client.get(QUEUE).content.decode()


def test_the_page_has_all_that_is_needed_to_decide(admin_client):
    order = submitted()
    press(admin_client, order, "rework")
    finish(fresh(order))
    review = submit_again(order)
    page = admin_client.get(reverse("admin:orders_review_change", args=[review.pk])).content.decode()
    for text in (order.notes, NOTE, order.target_url, "Changes since version 1", "Automatic check", "Steep it"):
        assert text in page, text


def test_what_the_check_missed_is_shown_with_how_grave_it_is(admin_client):
    order = submitted()
    rules = [
        {"name": name, "label": f"Rule {name}", "severity": severity, "ok": name == "fine", "detail": f"Why {name}"}
        for name, severity in [("odd", "warn"), ("weak", "revise"), ("bad", "block"), ("fine", "block")]
    ]
    ArticleVersion.objects.update(quality={"passed": 1, "total": 4, "rules": rules})
    page = admin_client.get(reading(order)).content.decode()
    words = ["Must not go out so", "Why bad", "Should be better", "Why weak", "Look at it", "Why odd"]
    assert [page.index(said) for said in words] == sorted(page.index(said) for said in words)
    assert "Why fine" not in page


def submit_again(order) -> Review:
    return reviews.submit_for_review(order_id=order.pk, version_id=fresh(order).current_version_id, actor=CUSTOMER)


@pytest.mark.parametrize("name", DECISIONS)
def test_after_each_decision_comes_the_next_and_then_the_empty_queue(admin_client, name):
    first, second = submitted(), submitted()
    response = press(admin_client, first, name, then="review")
    assert response.url == reading(second)
    response = press(admin_client, second, name, then="review")
    assert response.url == QUEUE


def test_a_claimed_review_is_not_the_next_of_others(admin_client):
    anna = staff_with("review")
    first, second = submitted(), submitted()
    assert press(anna, first, "claim", then="reading").url == reading(first)
    assert "anna reads it" in admin_client.get(reading(first)).content.decode()
    assert press(admin_client, second, "reject", then="review").url == QUEUE
    assert "Somebody else reads each of them" in admin_client.get(QUEUE).content.decode()
    assert press(anna, first, "unclaim", then="queue").url == QUEUE
    assert first.reviews.get().claimed_by is None
    assert [event.action for event in first.events.filter(actor_kind="staff")] == ["claim", "unclaim"]


@pytest.mark.parametrize("name", [*DECISIONS, "claim", "unclaim"])
def test_what_another_has_claimed_is_only_taken_over(admin_client, admin_user, name):
    anna, order = staff_with("review", "refund"), submitted()
    press(anna, order, "claim")
    page = admin_client.get(reading(order)).content.decode()
    assert address(order, name) not in page and address(order, "take_over") in page
    before = rows()
    assert "anna has claimed this review. Take it over first." in told(press(admin_client, order, name))
    assert rows() == before
    assert press(admin_client, order, "take_over", then="reading").url == reading(order)
    assert order.reviews.get().claimed_by == admin_user
    assert order.events.get(action="take_over").data["from"] == "anna"
    assert "admin has claimed" in told(press(anna, order, name))
    if name != "claim":
        press(admin_client, order, name)
        assert order.events.filter(action=name).count() == 1


def test_a_claim_outlives_its_account_and_can_be_taken_over(admin_client, django_user_model):
    anna, order = staff_with("review"), submitted()
    press(anna, order, "claim")
    django_user_model.objects.get(username="anna").delete()
    assert "Read the oldest that is free" not in admin_client.get(QUEUE).content.decode()
    assert "Somebody who has left reads it" in admin_client.get(reading(order)).content.decode()
    assert "Somebody else has claimed" in told(press(admin_client, order, "approve"))
    press(admin_client, order, "take_over")
    press(admin_client, order, "approve")
    assert fresh(order).status == "COMPLETED"


def test_a_decided_review_can_be_read_and_not_decided_again(admin_client, admin_user):
    order = submitted()
    press(admin_client, order, "approve")
    page = admin_client.get(reading(order)).content.decode()
    assert f"Approved by {admin_user}" in page and address(order, "approve") not in page


def test_looking_changes_nothing_and_takes_the_same_queries_for_one_and_for_many(admin_client):
    def count(at: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(at).status_code == 200
        return len(queries)

    order = submitted()
    scheduled()
    admin_client.get(QUEUE)
    few = count(QUEUE), count(reading(order))
    for _ in range(3):
        submitted()
        scheduled()
    before = rows()
    assert (count(QUEUE), count(reading(order))) == few
    assert rows() == before
    assert admin_client.post(QUEUE).status_code == admin_client.post(reading(order)).status_code == 403


def test_two_staff_read_the_same_and_the_second_is_told(admin_client):
    anna, order = staff_with("review", "refund"), submitted()
    both = fields(order, "approve")
    anna.post(address(order, "approve"), both)
    before = rows()
    refused = press(admin_client, order, "fail_finally", then="review")
    assert "Nothing was changed." in told(refused) and rows() == before
    assert "approved by anna" in told(press(admin_client, order, "approve", then="review"))
