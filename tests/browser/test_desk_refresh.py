"""desk.js: the monitor and the desk keep themselves fresh. The browser's clock is ours, so no test waits for it."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from queues import control
from queues.models import Job
from queues.services import enqueue
from tests.browser.sessions import log_in
from tests.browser.waiting import answer_to_a_look, expect_news
from tests.factories import running_job
from tests.queues.ended import dead_letter, ended_job

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EVERY, SELDOM, SLOWEST, APART, WORDS_EVERY = 5000, 15_000, 30_000, 3000, 10_000  # ms, as in desk.js and watch.js
MONITOR, DESK = "/admin/queues/queue/", "/admin/"
PART = re.compile(r"/admin/now/(queues|desk)$")
SAID, WORDS = "[data-said]", "[data-words][role=status]"
MARK = "document.querySelectorAll('[data-now] *').forEach((element) => { element.mark = true })"
UNMARKED = "[...document.querySelectorAll('[data-now] *')].filter((element) => !element.mark).length"


@pytest.fixture
def page(staff_page) -> Page:
    return staff_page


def looked(page: Page, milliseconds: int = EVERY) -> int:
    """Lets the page look once more; returns the answer's status."""
    return answer_to_a_look(page, PART, milliseconds)


def requests_of(page: Page) -> list[str]:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def waiting(page: Page):
    return page.get_by_role("row", name="default").get_by_role("link").nth(1)


def test_the_monitor_is_fresh_without_a_reload_and_only_what_differs_is_changed(page):
    ended_job(queue="blog")
    page.goto(MONITOR)
    page.get_by_text("Show as table").click()
    table = page.get_by_role("group", name="Queues")
    table.evaluate("table => { table.scrollLeft = 120 }")
    waiting(page).focus()
    page.evaluate(MARK)
    assert looked(page) == 200  # its first look: it has nothing to compare with yet
    enqueue("engine.write", args={"name": "a"})
    assert looked(page) == 200
    expect(waiting(page)).to_have_text("1")
    expect(waiting(page)).to_be_focused()
    expect(page.locator("#hours-table")).to_have_attribute("open", "")
    assert table.evaluate("table => table.scrollLeft") == 120
    assert page.evaluate(UNMARKED) == 0
    assert page.url.endswith(MONITOR)


def test_nothing_is_sent_while_nothing_changes_and_the_time_of_the_last_look_is_shown(page):
    page.goto(MONITOR)
    looked(page)
    page.locator("[data-as-of]").evaluate("element => { element.textContent = '' }")
    assert looked(page) == 304
    expect(page.locator("[data-as-of]")).to_contain_text("UTC")


def test_what_is_in_trouble_comes_and_goes_and_the_focus_stays_on_its_line(page):
    control.pause("mail", by="ada", reason="")
    page.goto(DESK)
    line = page.get_by_role("link", name="The queue mail is paused by ada.")
    line.focus()
    control.pause("blog", by="ada", reason="")
    looked(page)
    expect(page.get_by_role("link", name="The queue blog is paused by ada.")).to_be_visible()
    expect(line).to_be_focused()
    control.resume("blog")
    looked(page)
    expect(page.get_by_role("link", name="The queue blog is paused by ada.")).to_have_count(0)
    expect(line).to_be_focused()
    control.resume("mail")
    looked(page)
    expect(line).to_have_count(0)
    expect(page.locator("[data-now]")).to_be_focused()


def test_a_screen_reader_hears_what_matters_and_seldom(page):
    page.goto(MONITOR)
    looked(page)
    enqueue("engine.write", args={"name": "a"})
    looked(page)
    expect(waiting(page)).to_have_text("1")
    expect(page.locator(WORDS)).to_have_text("")
    dead_letter(queue="blog")
    looked(page)
    expect(page.locator(WORDS)).to_contain_text("Dead letters: 1.")
    dead_letter(queue="blog")
    looked(page)
    expect(page.get_by_role("row", name="blog").get_by_role("link", name="2", exact=True)).to_be_visible()
    expect(page.locator(WORDS)).to_contain_text("Dead letters: 1.")
    looked(page, WORDS_EVERY)
    expect(page.locator(WORDS)).to_contain_text("Dead letters: 2.")


def test_a_paused_page_asks_only_when_it_is_told_to(page):
    page.goto(MONITOR)
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.locator(SAID)).to_have_text("Paused.")
    asked = requests_of(page)
    enqueue("engine.write", args={"name": "a"})
    page.clock.run_for(60_000)
    assert asked == []
    with page.expect_response(PART):
        page.get_by_role("link", name="Refresh now").click()
    expect(waiting(page)).to_have_text("1")
    asked.clear()
    page.clock.run_for(60_000)
    assert asked == []
    with page.expect_response(PART):
        page.get_by_role("button", name="Resume", exact=True).click()
    expect(page.locator(SAID)).to_have_text("")
    looked(page)


def test_a_hidden_tab_asks_nothing_and_looks_as_soon_as_it_is_seen(page):
    page.goto(MONITOR)
    looked(page)
    page.evaluate("Object.defineProperty(document, 'hidden', { configurable: true, value: true })")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    asked = requests_of(page)
    page.clock.run_for(60_000)
    assert asked == []
    page.evaluate("delete document.hidden")
    with page.expect_response(PART):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_a_server_that_is_away_is_told_asked_less_and_less_and_heals_by_itself(page):
    page.goto(MONITOR)
    asked: list[str] = []
    page.route(PART, lambda route: (asked.append(route.request.url), route.abort()))
    line = page.locator("[data-now-line]")
    for pause, expected in ((EVERY, 1), (EVERY, 1), (EVERY, 2), (3 * EVERY, 2), (EVERY, 3)):
        if expected > len(asked):  # so that the class says that this very failure has been dealt with
            line.evaluate("line => line.classList.remove('trouble')")
        page.clock.run_for(pause)
        expect(line).to_have_class("now-line trouble")
        assert len(asked) == expected
    expect(page.locator(SAID)).to_have_text("The server cannot be reached; trying again.")
    page.unroute(PART)
    enqueue("engine.write", args={"name": "a"})
    looked(page, SLOWEST)
    expect(waiting(page)).to_have_text("1")
    expect(page.locator(SAID)).to_have_text("")
    expect(line).to_have_class("now-line")


def test_an_answer_of_somebody_else_is_not_shown(page):
    page.goto(MONITOR)
    page.route(PART, lambda route: route.fulfill(body="<p>Log in to the hotel's network</p>", content_type="text/html"))
    page.clock.run_for(EVERY)
    expect(page.locator(SAID)).to_have_text("The server cannot be reached; trying again.")
    expect(page.get_by_role("group", name="Queues")).to_be_visible()
    expect(page.get_by_text("hotel")).to_have_count(0)


def test_whose_session_has_ended_is_told_and_no_login_page_is_shown_inside(page):
    page.goto(MONITOR)
    Session.objects.all().delete()
    assert looked(page) == 401
    expect(page.locator(SAID)).to_have_text("You are logged out.")
    expect(page.get_by_role("group", name="Queues")).to_be_visible()
    expect(page.get_by_role("button", name="Pause", exact=True)).to_have_count(0)
    expect(page.get_by_label("Password")).to_have_count(0)
    asked = requests_of(page)
    page.clock.run_for(120_000)
    assert asked == []
    page.get_by_role("link", name="Log in again").click()
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill("password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Queues")


def test_who_has_lost_the_right_to_see_queues_is_told(page, admin_user):
    page.goto(MONITOR)
    type(admin_user).objects.update(is_superuser=False)
    assert looked(page) == 403
    expect(page.locator(SAID)).to_have_text("You may not see this any more.")
    asked = requests_of(page)
    page.clock.run_for(120_000)
    assert asked == []


def test_without_a_script_the_page_is_a_page_with_a_link(new_page, site, admin_user):
    page = new_page(javascript=False)
    log_in(page, admin_user)
    for address in (MONITOR, DESK):
        page.goto(address)
        expect(page.get_by_role("button", name="Pause", exact=True)).to_have_count(0)
        page.get_by_role("link", name="Refresh", exact=True).click()
        expect(page).to_have_url(f"{site}{address}")


def listening(page: Page) -> list[str]:
    """Opens the monitor; returns when it has looked because its stream told it to.

    The list gets all requests since.
    """
    with expect_news(page):
        page.goto(MONITOR)
    looked(page, APART)
    return requests_of(page)


def test_the_stream_says_when_to_look(page, fresh_live):
    asked = listening(page)
    page.clock.run_for(SELDOM - 1000)
    assert asked == []
    with expect_news(page):
        enqueue("engine.write", args={"name": "a"})
    looked(page, APART)
    expect(waiting(page)).to_have_text("1")
    assert len(asked) == 1


def test_while_a_job_runs_the_page_looks_though_the_stream_is_silent(page, live):
    job = running_job("engine.write", {"name": "a"}).job
    listening(page)
    Job.objects.filter(pk=job.pk).update(progress=3, total=7)
    looked(page)
    expect(page.get_by_text("3 of 7 parts")).to_be_visible()
