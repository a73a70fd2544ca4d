"""The order page and its stream, in a real browser with a real live process; and every way of not having one.

The browser's clock is ours: what a page shows before it would have asked by itself, it was told.
"""

import contextlib
import select
import socket

import pytest
from playwright.sync_api import Page, expect

from config import ports
from orders import links
from orders.models import Order
from queues import announce
from queues.models import Job
from tests.browser.states import writing, written
from tests.browser.waiting import answer_to_a_look, expect_news, streams_of, wait_while_browsing
from tests.live import LiveProcess
from tests.processes import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
POLL, POLL_WITH_STREAM, OPENS_WITHIN = 2000, 15_000, 4000  # milliseconds, as in live.js and watch.js
TOGETHER = 100


@pytest.fixture
def page(new_page) -> Page:
    return new_page(clock=True)


def opened(page: Page, order: Order, live: LiveProcess) -> list[str]:
    """Opens the order's page; returns when its stream has begun. The list gets all requests from then on."""
    with expect_news(page):
        page.goto(links.status_path(order))
    assert looked(page) == 200
    assert streams_of(live) == 1
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def progress(order: Order, done: int, *, told: bool = True) -> None:
    Job.objects.filter(pk=order.current_job).update(progress=done)
    if told:
        announce.after_commit(Job.objects.get(pk=order.current_job))


def looked(page: Page, milliseconds: int = TOGETHER) -> int:
    """Lets the page look once more; returns the answer's status."""
    return answer_to_a_look(page, "**/live", milliseconds)


def sees(page: Page, name: str) -> None:
    """The page has just been told of it, and looks."""
    looked(page)
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def test_the_page_is_told_and_asks_only_now_and_then_by_itself(page, fresh_live):
    order = writing()
    asked = opened(page, order, fresh_live)
    page.clock.run_for(POLL_WITH_STREAM - 2 * TOGETHER)
    assert asked == []
    assert looked(page, 2 * TOGETHER) == 304
    asked.clear()
    with expect_news(page):
        progress(order, 5)
    sees(page, "5 of 7 parts done")
    assert len(asked) == 1


def test_the_stream_is_closed_when_the_order_is_written(page, live):
    order = writing()
    asked = opened(page, order, live)
    written(order)
    with expect_news(page):
        announce.after_commit(Job.objects.get(pk=order.current_job))
    sees(page, "Your article is ready to read")
    wait_while_browsing(page, lambda: streams_of(live) == 0)
    asked.clear()
    page.clock.run_for(60_000)
    assert asked == []


def test_a_hidden_page_holds_no_connection_and_catches_up_when_it_is_shown(page, live):
    order = writing()
    asked = opened(page, order, live)
    page.evaluate("Object.defineProperty(document, 'hidden', {get: () => window.away, configurable: true})")
    page.evaluate("window.away = true; document.dispatchEvent(new Event('visibilitychange'))")
    wait_while_browsing(page, lambda: streams_of(live) == 0)
    progress(order, 5)
    page.clock.run_for(60_000)
    assert asked == []
    page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("heading", name="5 of 7 parts done")).to_be_visible()
    wait_while_browsing(page, lambda: streams_of(live) == 1)


def test_without_its_stream_the_page_polls_and_finds_it_again(page, live):
    order = writing()
    opened(page, order, live)
    with page.expect_event("requestfailed"):
        live.kill()
    progress(order, 4)
    assert looked(page, POLL) == 200
    expect(page.get_by_role("heading", name="4 of 7 parts done")).to_be_visible()
    live.start()

    def found_again() -> bool:
        page.clock.run_for(POLL)
        return streams_of(live) == 1

    wait_until(found_again)
    progress(order, 5)

    def told() -> bool:
        page.clock.run_for(TOGETHER)
        return page.get_by_role("heading", name="5 of 7 parts done").is_visible()

    wait_until(told)


@pytest.mark.parametrize("where", ["", "nobody"], ids=["not routed", "not running"])
def test_where_no_stream_is_to_be_had_the_page_polls(page, settings, where):
    settings.LIVE_URL = where and f"http://127.0.0.1:{ports.free_port()}"
    order = writing()
    with page.expect_request("**/stream"):
        page.goto(links.status_path(order))
    progress(order, 5, told=False)
    looked(page, POLL)
    expect(page.get_by_role("heading", name="5 of 7 parts done")).to_be_visible()


def test_a_server_that_never_answers_is_left_after_four_seconds(page, settings):
    order = writing()
    with socket.create_server(("127.0.0.1", 0)) as mute:
        settings.LIVE_URL = f"http://127.0.0.1:{mute.getsockname()[1]}"
        page.goto(links.status_path(order))
        wait_while_browsing(page, lambda: select.select([mute], [], [], 0)[0])
        connection, _ = mute.accept()
        connection.settimeout(20)
        with contextlib.closing(connection):
            assert connection.recv(65_536).startswith(b"GET /live/")
            looked(page, POLL)
            page.clock.run_for(OPENS_WITHIN)
            assert connection.recv(1) == b""


def test_without_javascript_the_page_reloads_itself(new_page, live):
    page = new_page(javascript=False)
    page.goto(links.status_path(writing()))
    assert "10" in page.locator("noscript meta").get_attribute("content")
    assert streams_of(live) == 0
