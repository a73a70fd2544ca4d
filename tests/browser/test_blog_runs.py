"""The page of runs in a real browser: accessible and as wide as the screen in every state, and live."""

import pytest
from playwright.sync_api import Page, expect

from content.blog.models import Run
from queues.errors import Fail
from queues.failure import settle
from tests.browser.looks import findings
from tests.browser.sessions import log_in
from tests.content.blog.runs.builders import done, handed_over, started, told, work
from tests.factories import claimed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ada(django_user_model):
    return django_user_model.objects.create_superuser("ada", "ada@example.com", "lovelace")


def opened(page: Page, user) -> Page:
    log_in(page, user)
    page.goto("/admin/blog/auto-generate")
    expect(page.get_by_role("heading", level=1)).to_have_text("Auto-generate blog posts")
    page.wait_for_load_state()
    return page


def running(ada) -> Run:
    run = started(ada, count=4)
    first, second, third, _ = handed_over(run)
    work(first)
    settle(claimed(second), Fail("The provider refused to write about this.", kind="refusal"))
    claimed(third)
    return told(run)


def test_every_state_is_accessible_and_fits(new_page, axe, ada):
    page = opened(new_page(), ada)
    assert findings(page, axe) == []  # no run yet
    page.get_by_text("Filters: rating").click()
    page.get_by_label("Genres").fill("Polka")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("There is no genre called Polka")
    page.wait_for_load_state()
    assert findings(page, axe) == []
    done(started(ada, count=2))
    run = running(ada)
    page.goto("/admin/blog/auto-generate")
    expect(page.locator(".run .state").filter(has_text="1 of 4 written.")).to_be_visible()
    page.wait_for_load_state()
    assert findings(page, axe) == []
    page.get_by_role("link", name="Stop now").click()
    expect(page.get_by_text("What is written stays.")).to_be_visible()
    page.wait_for_load_state()
    assert findings(page, axe) == []
    page.get_by_role("button", name="Stop the run now").click()
    expect(page.locator(".messagelist")).to_contain_text("Stopping now.")
    page.wait_for_load_state()
    assert findings(page, axe) == []
    assert told(run).job.cancel_requested


def test_the_page_follows_a_run_to_its_end_without_a_reload(new_page, ada):
    run = started(ada, count=2)
    first, second = handed_over(run)
    page = opened(new_page(), ada)
    page.evaluate("window.sameDocument = true")
    expect(page.locator(".run .state").filter(has_text="0 of 2 written.")).to_be_visible()
    work(first)
    expect(page.locator(".run .state").filter(has_text="1 of 2 written.")).to_be_visible(timeout=20_000)
    work(second)
    expect(page.locator(".run .state").filter(has_text="Done: 2 written.")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("link", name="Open post")).to_have_count(2)
    assert page.evaluate("window.sameDocument") is True


def test_without_a_script_a_run_is_estimated_started_and_stopped(new_page, ada):
    page = opened(new_page(390, javascript=False), ada)
    page.get_by_label("Model").select_option("template")
    page.get_by_role("button", name="Estimate cost and time").click()
    expect(page.get_by_text("10 posts: about $0.00")).to_be_visible()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(".run .state").filter(has_text="Waiting in line.")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".run .state").filter(has_text="Stopped: 0 written.")).to_be_visible()
    assert not Run.objects.told().get().is_open
