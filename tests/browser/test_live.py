"""live.js: the order page that keeps itself up to date. The browser's clock is ours, so no test waits for it."""

import pytest
from playwright.sync_api import Page, expect

from orders import decisions, links, reviews, scheduling
from orders.actors import SYSTEM
from orders.models import Order
from queues.models import Job
from tests.browser.states import writing, written
from tests.browser.waiting import answer_to_a_look
from tests.orders.builders import make_order
from tests.orders.stages import make_staff, scheduled, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
POLL = 2000  # milliseconds
CALM = 15_000  # while the order is with staff
STATUS = "[role=status]"
LINE = "[data-live-line]"
MARK = "document.querySelector('[data-live]').firstElementChild.setAttribute('data-before', '')"
MARKED = "[data-before]"


@pytest.fixture
def page(new_page) -> Page:
    return new_page(clock=True)


def polled(page: Page, milliseconds: int = POLL) -> int:
    """Lets the page ask once more; returns the answer's status."""
    return answer_to_a_look(page, "**/live", milliseconds)


def progress(order: Order, done: int) -> None:
    Job.objects.filter(pk=order.current_job).update(progress=done)


def test_the_region_is_replaced_only_when_something_changed(page):
    order = writing()
    page.goto(links.status_path(order))
    page.evaluate(MARK)
    assert polled(page) == 200
    expect(page.locator(MARKED)).to_have_count(0)
    page.evaluate(MARK)
    assert polled(page) == 304
    expect(page.locator(MARKED)).to_have_count(1)
    progress(order, 5)
    assert polled(page) == 200
    expect(page.get_by_role("heading", name="5 of 7 parts done")).to_be_visible()
    expect(page.locator(MARKED)).to_have_count(0)


def test_a_final_page_asks_for_nothing_more(page):
    order = writing()
    page.goto(links.status_path(order))
    written(order)
    polled(page)
    expect(page.get_by_role("article")).to_be_visible()
    expect(page.locator(LINE)).to_have_class("live done")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(60_000)
    assert asked == []


def test_a_page_that_is_final_when_opened_does_not_ask_for_news(page):
    scripts: list[str] = []
    page.on("request", lambda request: scripts.append(request.url) if request.resource_type == "script" else None)
    page.goto(links.status_path(written()))
    assert {script.rpartition("/")[2] for script in scripts} == {"count.js", "draft.js"}


def test_the_focus_stays_where_it_was_when_the_region_is_replaced(page):
    order = make_order()
    page.goto(links.status_path(order))
    link = page.get_by_role("link", name="Pay $49.00 now")
    link.focus()
    order.payments.update(status="failed")
    polled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your payment was declined")
    expect(link).to_be_focused()


def test_the_focus_goes_to_the_region_when_what_held_it_is_gone(page):
    order = make_order()
    page.goto(links.status_path(order))
    page.get_by_role("link", name="Pay $49.00 now").focus()
    Order.objects.filter(pk=order.pk).update(status="CANCELLED", cancel_reason="staff")
    polled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("This order was cancelled")
    expect(page.locator("[data-live]")).to_be_focused()


def test_a_lost_connection_is_told_at_once_and_heals_by_itself(page):
    order = writing()
    page.goto(links.status_path(order))
    page.route("**/live", lambda route: route.abort())
    page.clock.run_for(POLL)
    expect(page.locator(STATUS)).to_contain_text("We cannot reach the server")
    expect(page.locator(LINE)).to_have_class("live trouble")
    page.unroute("**/live")
    progress(order, 5)
    polled(page, 2 * POLL)
    expect(page.get_by_role("heading", name="5 of 7 parts done")).to_be_visible()
    expect(page.locator(STATUS)).to_have_text("5 of 7 parts done.")
    expect(page.locator(LINE)).to_have_class("live")


def test_failures_slow_the_page_down(page):
    asked: list[str] = []
    page.goto(links.status_path(writing()))
    page.route("**/live", lambda route: (asked.append(route.request.url), route.abort()))
    for pause, expected in ((POLL, 1), (POLL, 1), (POLL, 2), (3 * POLL, 2), (POLL, 3)):
        if expected > len(asked):  # so that the class says that this very failure has been dealt with
            page.locator(LINE).evaluate("line => line.classList.remove('trouble')")
        page.clock.run_for(pause)
        expect(page.locator(LINE)).to_have_class("live trouble")
        assert len(asked) == expected


def test_words_for_screen_readers_change_every_ten_seconds_at_most(page):
    order = writing()
    page.goto(links.status_path(order))
    progress(order, 4)
    polled(page)
    expect(page.locator(STATUS)).to_have_text("4 of 7 parts done.")
    progress(order, 5)
    polled(page)
    expect(page.get_by_role("heading", name="5 of 7 parts done")).to_be_visible()
    expect(page.locator(STATUS)).to_have_text("4 of 7 parts done.")
    for _ in range(5):
        polled(page)
    expect(page.locator(STATUS)).to_have_text("5 of 7 parts done.")


def test_a_revoked_link_stops_the_page(page):
    order = writing()
    page.goto(links.status_path(order))
    Order.objects.filter(pk=order.pk).update(link_version=2)
    assert polled(page) == 404
    expect(page.locator(STATUS)).to_have_text("This page has expired. Open the link in our e-mail again.")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(60_000)
    assert asked == []


def test_what_the_editor_does_is_seen_without_asking_and_can_be_answered(page):
    order = submitted()
    page.goto(links.status_path(order))
    expect(page.get_by_role("button", name="Take it back")).to_be_visible()
    reviews.claim(order_id=order.pk, staff=make_staff())
    polled(page, CALM)
    expect(page.get_by_text("The editor has begun to read it")).to_be_visible()
    decisions.reject(order_id=order.pk, note="Two numbers have no source.", staff=make_staff())
    polled(page, CALM)
    expect(page.get_by_text("Two numbers have no source.")).to_be_visible()
    expect(page.locator(LINE)).to_have_class("live done")
    page.get_by_label("Your notes to the writer").fill("Please name a source for both numbers.")
    page.get_by_role("button", name="Ask for changes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your changes are in line")
    assert order.revisions.count() == 1


def test_a_scheduled_article_goes_live_on_the_page_and_one_taken_back_can_be_recalled(page):
    order = scheduled()
    page.goto(links.status_path(order))
    scheduling.unschedule(order_id=order.pk, staff=make_staff())
    polled(page, CALM)
    page.get_by_role("button", name="Take it back").click()
    page.wait_for_load_state()
    assert order.events.filter(action="recall").exists()
    other = scheduled()
    page.goto(links.status_path(other))
    scheduling.publish_now(order_id=other.pk, actor=SYSTEM)
    polled(page, CALM)
    expect(page.get_by_role("heading", name="Read it where everybody does")).to_be_visible()
