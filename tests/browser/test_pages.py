"""Every page in every state: accessible, as wide as the screen, and large enough to hit."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.states import PAGES, written

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Without preload: axe would copy stylesheets that import others (the admin's) into the page, which our policy blocks.
AXE_RUN = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const result = await axe.run(document, { runOnly: tags, preload: false });
  return result.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ")).join(", "));
}"""
# Links inside a sentence are exempt, as in WCAG 2.5.8.
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input, textarea, label.choice, label.tick")]
  .filter((e) => e.type !== "hidden" && e.checkVisibility() && !e.closest(".skip"))
  .filter((e) => !(e.matches("a") && getComputedStyle(e).display === "inline"))
  .map((e) => e.closest("label.choice, label.tick") ?? e)
  .map((e) => [e.outerHTML.slice(0, 90), Math.round(e.getBoundingClientRect().height)])
  .filter(([, height]) => height < 44)"""


def open_page(page: Page, name: str) -> None:
    page.goto(PAGES[name]())
    page.evaluate("document.fonts.ready")


def problems(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    return page.evaluate(AXE_RUN)


def assert_fonts_come_first(page: Page) -> None:
    """One that is asked for when the text is there already moves what somebody is about to click."""
    page.wait_for_load_state()
    page.evaluate("document.fonts.ready")
    used = page.evaluate("[...document.fonts].filter((font) => font.status === 'loaded').length")
    assert used == page.locator("link[rel=preload][as=font]").count()


def assert_accessible_and_fitting(page: Page, axe: str, width: int) -> None:
    """In light and in dark, as soon as the page has all that its look needs."""
    assert_fonts_come_first(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(SMALL_TARGETS) == []
    assert problems(page, axe) == []
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(AXE_RUN) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_in_light_and_dark_and_fits_a_small_screen(new_page, axe, name):
    page = new_page(320)
    open_page(page, name)
    assert_accessible_and_fitting(page, axe, 320)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_refused_form_is_accessible(new_page, axe, dark):
    page = new_page(1280, dark=dark)
    open_page(page, "form")
    page.get_by_role("button", name="Continue to payment").click()
    assert problems(page, axe) == []


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
