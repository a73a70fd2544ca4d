"""The desk of orders in a real browser: deciding in the review queue, the page of an order, its questions."""

import pytest
from playwright.sync_api import expect

from orders import decisions, reviews, revisions
from orders.actors import CUSTOMER
from orders.models import Order, StripeEvent
from tests.browser.looks import assert_fonts_come_first, findings
from tests.browser.sessions import log_in
from tests.orders.admin.pages import NOTE
from tests.orders.stages import finish, fresh, given_up, make_staff, scheduled, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUEUE = "/admin/orders/review/"


@pytest.fixture
def ada(django_user_model):
    return django_user_model.objects.create_superuser("ada", "ada@example.com", "lovelace")


def revised() -> Order:
    """In review for the second time, with changes, notes and something on staff's list."""
    order = submitted()
    revisions.rework(order_id=order.pk, note=NOTE, staff=make_staff())
    order = finish(fresh(order))
    reviews.submit_for_review(order_id=order.pk, version_id=order.current_version_id, actor=CUSTOMER)
    Order.objects.filter(pk=order.pk).update(needs_attention=True, attention_reason="The check found something.")
    return fresh(order)


def addresses() -> dict[str, str]:
    order, failed = revised(), given_up()
    lost = StripeEvent.objects.create(pk="evt_1", type="payment_intent.succeeded", payload={}, status="unmatched")
    submitted()
    scheduled()
    here = f"/admin/orders/order/{order.pk}"
    return {
        "queue": QUEUE,
        "review": f"{QUEUE}{order.reviews.last().pk}/change/",
        "order": f"{here}/change/",
        "failed": f"/admin/orders/order/{failed.pk}/change/",
        "version": f"{here}/version/2/",
        "ask": f"{here}/do/refund/",
        "impossible": f"{here}/do/publish/",
        "list": "/admin/orders/order/",
        "call off": f"/admin/orders/order/{failed.pk}/do/call_off/",
        "lost event": f"/admin/orders/stripeevent/{lost.pk}/seen/",
        "analytics": "/admin/orders/product/analytics/",
    }


def test_the_pages_are_accessible_and_fit(new_page, axe, ada):
    page = new_page(390)
    log_in(page, ada)
    found = {}
    for number, (name, at) in enumerate(addresses().items()):
        page.goto(at)
        assert_fonts_come_first(page)
        found[name] = findings(page, axe, all_colours=number < 3)  # the later pages are made of the same parts
        assert_fonts_come_first(page)
    assert {name: those for name, those in found.items() if those} == {}


def test_an_editor_claims_reads_and_decides_one_after_the_other_without_a_script(new_page, ada):
    first, second = submitted(), submitted()
    page = new_page(390, javascript=False)
    log_in(page, ada)
    page.goto(QUEUE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Review queue")
    page.get_by_role("link", name="Read the oldest that is free").click()
    page.get_by_role("button", name="Claim").click()
    expect(page.get_by_text(f"You read order {first}.")).to_be_visible()
    send_back = page.get_by_role("form", name="Send back to the customer")
    send_back.get_by_label("Note").fill(NOTE)
    send_back.get_by_role("button").click()
    expect(page.get_by_text(f"Order {first} is back with its customer")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Review of order {second}")
    page.get_by_role("button", name="Approve and publish").click()
    expect(page.get_by_text("Nothing waits for review.")).to_be_visible()
    assert (fresh(first).status, fresh(second).status) == ("QUALITY_CHECK", "COMPLETED")
    assert first.reviews.get().note == NOTE


def test_a_page_that_was_open_while_another_decided_says_who_did(new_page, ada):
    order = submitted()
    page = new_page(1280)
    log_in(page, ada)
    page.goto(f"{QUEUE}{order.reviews.get().pk}/change/")
    decisions.approve(order_id=order.pk, version_id=order.current_version_id, staff=make_staff("bert"))
    page.get_by_role("button", name="Approve and publish").click()
    expect(page.get_by_text("approved by bert")).to_be_visible()
    assert order.events.filter(action="approve").count() == 1


def test_a_refund_is_asked_for_after_a_question_and_the_link_can_be_copied(new_page, ada):
    order = submitted()
    page = new_page(1280)
    log_in(page, ada)
    page.goto(f"/admin/orders/order/{order.pk}/change/")
    page.get_by_role("link", name="Refund", exact=True).click()
    page.get_by_label("Amount in USD").fill("10")
    page.get_by_label("Note").fill("Two days late.")
    page.get_by_role("button", name="Refund").click()
    expect(page.get_by_text("$10.00 of order")).to_be_visible()
    expect(page.get_by_role("cell", name="$10.00")).to_be_visible()
    page.get_by_role("link", name="Copy the customer's link").click()
    page.get_by_role("button", name="Copy the customer's link").click()
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("status")).not_to_be_empty()
    page.goto(page.get_by_label("The customer's link").input_value())
    expect(page).to_have_url(f"{page.url.partition('/order-status')[0]}/order-status/{order.pk}")
