"""Every page in every state: accessible, as wide as the screen, and large enough to hit."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import SMALL_TARGETS, assert_fonts_come_first, problems, problems_of_colours, too_wide
from tests.browser.states import PAGES, written

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def open_page(page: Page, name: str) -> None:
    page.goto(PAGES[name]())
    page.evaluate("document.fonts.ready")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_in_light_and_dark_and_fits_a_small_screen(new_page, axe, name):
    page = new_page(320)
    open_page(page, name)
    assert_fonts_come_first(page)
    assert too_wide(page, 320) == []
    assert page.evaluate(SMALL_TARGETS) == []
    assert problems(page, axe) == []
    assert problems_of_colours(page, dark=True) == []


def test_a_refused_form_is_accessible_in_light_and_dark(new_page, axe):
    page = new_page(1280)
    open_page(page, "form")
    page.get_by_role("button", name="Continue to payment").click()
    page.wait_for_load_state()
    assert problems(page, axe) == []
    assert problems_of_colours(page, dark=True) == []


def test_the_desk_is_free_of_script_errors_and_breaches(new_page, django_user_model):
    django_user_model.objects.create_superuser("ada", "ada@example.com", "lovelace")
    page = new_page()
    page.goto("/admin/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("lovelace")
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_title("Desk – Copydesk desk")
    written()
    page.goto("/admin/orders/order/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Orders")


def test_the_documentation_of_the_api_draws_itself_offline(new_page):
    page, errors = new_page(), []
    page.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    page.on("requestfailed", lambda request: errors.append(f"failed: {request.url}"))
    page.on("response", lambda answer: errors.append(answer.url) if answer.status >= 400 else None)
    page.goto("/api/docs")
    expect(page.get_by_text("/api/v1/purchase/products")).to_be_visible()
    page.get_by_text("Order an article").click()
    expect(page.get_by_text("A new UUID for a new request").first).to_be_visible()
    page.get_by_text("Schemas", exact=True).scroll_into_view_if_needed()
    assert errors == []
