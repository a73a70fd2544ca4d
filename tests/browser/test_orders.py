"""The page of an order in a real browser: accessible and as wide as the screen in every state, and at work."""

import re

import pytest
from playwright.sync_api import Page, expect

from orders import links, reviews
from orders.models import Order, RevisionRequest
from tests.browser.looks import assert_accessible_and_fitting, problems
from tests.orders.builders import make_product
from tests.orders.customer_states import STATES, SUBPAGES
from tests.orders.stages import NOTES, finish, fresh, make_staff, written
from tests.orders.works import make_brought_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("name", STATES)
def test_an_order_in_this_state_is_accessible_and_fits_the_screen(new_page, axe, name):
    page, order = new_page(390), STATES[name]()
    page.goto(links.status_path(order))
    if name == "confirming":
        page.goto(f"/order-status/{order.pk}?paid=1")
    assert_accessible_and_fitting(page, axe, all_colours=False)


@pytest.mark.parametrize("name", SUBPAGES)
def test_a_page_of_an_order_is_accessible_and_fits_the_screen(new_page, axe, name):
    state, path = SUBPAGES[name]
    page, order = new_page(390), STATES[state]()
    page.request.get(links.status_path(order))
    page.goto(f"/order-status/{order.pk}{path}")
    assert_accessible_and_fitting(page, axe, all_colours=False)


def test_the_ways_to_a_new_link_and_to_a_link_in_an_article_are_accessible(new_page, axe):
    page = new_page(390)
    make_product(slug="link", name="A link in an article", kind="backlink", price=1900)
    page.goto("/new-link")
    assert problems(page, axe) == []
    page.get_by_label("Your e-mail").fill("ada@example.com")
    page.get_by_role("button", name="Send a new link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look at your e-mails")
    assert problems(page, axe) == []
    page.goto("/order?product=link")
    assert problems(page, axe) == []


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_the_first_version_to_the_editor_and_back(new_page, javascript):
    order = written()
    page: Page = new_page(390, javascript=javascript)
    page.goto(links.status_path(order))
    page.get_by_label("Your notes to the writer").fill("short")
    page.get_by_role("button", name="Ask for changes").click()
    expect(page.locator("#problems")).to_contain_text("At least 10 characters")
    expect(page.get_by_label("Your notes to the writer")).to_have_value("short")
    page.get_by_label("Your notes to the writer").fill(NOTES)
    page.get_by_role("button", name="Ask for changes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your changes are in line")
    finish(fresh(order))
    page.reload()
    expect(page.get_by_role("link", name="Version 2")).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="Changes from 1 to 2").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Changes from version 1 to 2")
    page.get_by_role("link", name="Back to the order").click()
    page.get_by_role("link", name="Send to the editor").click()
    page.get_by_role("button", name="Send to the editor").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Our editor is checking your article")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your article is ready to read")


def test_a_double_click_asks_once_and_ends_on_the_orders_page(new_page):
    page: Page = new_page()
    order = written()
    page.goto(links.status_path(order))
    page.get_by_label("Your notes to the writer").fill(NOTES)
    page.get_by_role("button", name="Ask for changes").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your changes are in line")
    assert RevisionRequest.objects.count() == 1


def test_the_revision_form_works_on_a_page_that_was_open_while_the_text_was_written(new_page):
    page: Page = new_page()
    order = STATES["writing"]()
    page.goto(links.status_path(order))
    finish(order)
    page.get_by_label("Your notes to the writer").fill(NOTES)
    page.get_by_role("button", name="Ask for changes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your changes are in line")


def test_characters_are_counted_while_somebody_writes(new_page):
    page: Page = new_page()
    page.goto(links.status_path(written()))
    page.get_by_label("Your notes to the writer").fill("x" * 1234)
    expect(page.get_by_text("1,234 of 4,000 characters")).to_be_visible()
    page.get_by_label("Your notes to the writer").fill("x" * 4002)
    expect(page.get_by_text("2 characters too many")).to_be_visible()


def test_notes_are_there_again_until_they_are_sent(new_page):
    page, order = new_page(), written()
    page.goto(links.status_path(order))
    page.get_by_label("Your notes to the writer").fill(NOTES)
    page.goto("/")
    page.goto(f"/order-status/{order.pk}")
    expect(page.get_by_label("Your notes to the writer")).to_have_value(NOTES)
    expect(page.get_by_text(f"{len(NOTES)} of 4,000 characters")).to_be_visible()
    page.get_by_role("button", name="Ask for changes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your changes are in line")
    assert page.evaluate("localStorage.length") == 0
    assert RevisionRequest.objects.get().notes == NOTES


def test_what_the_editor_began_to_read_meanwhile_is_told_on_the_page(new_page):
    page: Page = new_page()
    order = STATES["with the editor"]()
    page.goto(links.status_path(order))
    reviews.claim(order_id=order.pk, staff=make_staff())
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("alert")).to_contain_text("The editor has begun to read it")


def test_an_order_is_ended_in_two_steps(new_page):
    page: Page = new_page(390, javascript=False)
    order = written()
    page.goto(links.status_path(order))
    page.get_by_role("link", name="Withdraw from this order").click()
    page.get_by_role("link", name="Keep the order").click()
    page.get_by_role("link", name="Withdraw from this order").click()
    page.get_by_role("button", name="Withdraw from this order").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This order was cancelled")
    expect(page.get_by_text("Your refund of $49.00 is requested")).to_be_visible()


def test_the_form_shows_what_the_chosen_product_needs(new_page):
    make_product()
    make_product(slug="link", name="A link in an article", kind="backlink", price=1900)
    make_brought_article()
    page: Page = new_page(390)
    page.goto("/order")
    page.get_by_role("radio", name="A link in an article").check()
    expect(page.get_by_label("Article that gets your link")).to_be_visible()
    expect(page.get_by_label("Topic")).to_be_hidden()
    page.get_by_role("radio", name="Article, 400 words").check()
    expect(page.get_by_label("Article that gets your link")).to_be_hidden()
    expect(page.get_by_label("Topic")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_two_things_are_ordered_in_one_form_and_paid_at_once(new_page, axe, javascript):
    make_product()
    make_product(slug="link", name="A link in an article", kind="backlink", price=1900)
    make_brought_article()
    page: Page = new_page(390, javascript=javascript)
    page.goto("/order?product=article-400")
    page.get_by_label("Topic").fill("How cold brew coffee is made")
    page.get_by_role("button", name="Order something else as well").click()
    second = page.get_by_role("group", name="Order 2")
    expect(second.get_by_label("Product")).to_be_in_viewport()
    expect(second.get_by_label("Article that gets your link")).to_be_hidden()
    second.get_by_label("Product").select_option("link")
    expect(second.get_by_label("Topic")).to_be_hidden()
    expect(page.get_by_label("Topic").first).to_be_visible()
    second.get_by_label("Product").select_option("article-400")
    second.get_by_label("Topic").fill("How green tea is made")
    if javascript:
        assert problems(page, axe) == []
    page.get_by_role("button", name="Continue to payment").click()
    page.get_by_role("link", name="Link address of order 2").click()
    expect(second.get_by_label("Link address")).to_be_in_viewport()
    for place in (page, second):
        place.get_by_label("Link address").first.fill("https://beans.example.com/cold-brew")
        place.get_by_label("Link text").first.fill("cold brew beans")
    page.get_by_label("Your e-mail").fill("ada@example.com")
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Continue to payment").click()
    page.get_by_role("button", name="Pay $98.00 with a test card").click()
    page.get_by_role("link", name=re.compile("How green tea is made")).click()
    expect(page.get_by_role("link", name=re.compile("How cold brew coffee is made"))).to_contain_text("Order")
    assert set(Order.objects.values_list("status", flat=True)) == {"PROCESSING"} and Order.objects.count() == 2
