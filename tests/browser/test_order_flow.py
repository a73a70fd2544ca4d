"""A customer orders, pays and watches, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from orders.models import Order
from queues.models import Job
from tests.browser.states import written
from tests.orders.builders import INPUTS, make_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fill_in(page: Page) -> None:
    for name, value in INPUTS.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=terms_accepted]").check()


def order_and_pay(page: Page) -> Order:
    make_product()
    page.goto("/")
    page.get_by_role("link", name="Order an article").click()
    fill_in(page)
    page.get_by_role("button", name="Continue to payment").click()
    page.get_by_role("button", name="Pay $49.00 with a test card").click()
    order = Order.objects.get()
    expect(page).to_have_url(re.compile(rf"/order-status/{order.pk}$"))
    return order


@pytest.mark.parametrize("width", [390, 1280])
def test_from_the_shop_to_the_article_without_touching_reload(new_page, width):
    page = new_page(width)
    order = order_and_pay(page)
    expect(page).to_have_title(f"Your article is in line: order {order.code} – Copydesk")
    Job.objects.filter(pk=order.current_job).update(state="active", progress=3, total=7, stage="generating")
    expect(page.get_by_role("heading", name="3 of 7 parts done")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "3")
    order = written(order)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your article is ready to read")
    expect(page.get_by_role("article")).to_contain_text(order.current_version.title)
    expect(page).to_have_title(f"Your article is ready to read: order {order.code} – Copydesk")
    expect(page.get_by_role("status")).to_have_text("Your article is ready to read.")


def test_everything_works_without_javascript(new_page):
    page = new_page(390, javascript=False)
    order = order_and_pay(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your article is in line")
    written(order)
    page.get_by_role("link", name="Refresh").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your article is ready to read")


def test_a_declined_card_can_be_followed_by_one_that_works(new_page):
    make_product()
    page = new_page(390)
    page.goto("/order")
    fill_in(page)
    page.get_by_role("button", name="Continue to payment").click()
    page.get_by_role("button", name="Try a card that is declined").click()
    expect(page.get_by_role("alert")).to_contain_text("The test card was declined")
    page.get_by_role("button", name="Pay $49.00 with a test card").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your article is in line")


def test_a_refused_form_moves_to_its_problems_and_their_links_to_the_fields(new_page):
    make_product()
    page = new_page(390)
    page.goto("/order")
    fill_in(page)
    page.locator("[name=target_url]").fill("javascript:alert(1)")
    page.get_by_role("button", name="Continue to payment").click()
    expect(page.locator("#problems")).to_be_focused()
    page.locator("#problems").get_by_role("link", name="Link address").click()
    expect(page.locator("[name=target_url]")).to_be_focused()
    expect(page.locator("[name=topic]")).to_have_value(INPUTS["topic"])
    assert not Order.objects.exists()


def test_a_double_click_makes_one_order(new_page):
    make_product()
    page = new_page()
    page.goto("/order")
    fill_in(page)
    page.get_by_role("button", name="Continue to payment").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Test payment")
    assert Order.objects.count() == 1


def test_the_page_can_be_used_with_the_keyboard_alone(new_page):
    make_product()
    page = new_page()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Order an article")).to_be_focused()
