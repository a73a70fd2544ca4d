"""desk.js on the pages of a queue and of a job: fresh, and no form of the page is touched or moved."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from queues import clock, control
from queues.errors import Fail
from queues.failure import settle
from queues.models import Job
from queues.services import enqueue
from tests.browser.sessions import log_in
from tests.browser.test_desk_refresh import APART, EVERY, MARK, SAID, UNMARKED, WORDS, requests_of
from tests.browser.waiting import answer_to_a_look, expect_news, wait_while_browsing
from tests.factories import running_job
from tests.queues.ended import HOUR, dead_letter, ended_job

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUEUE = "/admin/queues/queue/default/change/"
PART = re.compile(r"/admin/now/(queues/default|jobs/[0-9a-f-]{36})$")
WAITS, ENDED = "Waits while you edit.", "This job has ended."


@pytest.fixture
def page(staff_page) -> Page:
    return staff_page


def looked(page: Page, milliseconds: int = EVERY) -> int:
    """Lets the page look once more; returns the answer's status."""
    return answer_to_a_look(page, PART, milliseconds)


def open_job(page: Page, job: Job) -> None:
    page.goto(f"/admin/queues/job/{job.pk}/change/")


def waiting(page: Page) -> Locator:
    return page.get_by_role("link", name=re.compile(r"\d+ Waiting")).locator("strong")


def buttons(page: Page) -> list[str]:
    """Those of a job that can be seen, in their order; what cannot be used in brackets."""
    found = page.locator("[data-do] button:not([hidden])")
    return found.evaluate_all("all => all.map((one) => one.disabled ? `(${one.value})` : one.value)")


def test_a_queues_page_is_fresh_and_only_what_differs_is_changed(page):
    ended_job()
    page.goto(QUEUE)
    page.get_by_text("Show as table").click()
    page.evaluate(MARK)
    assert looked(page) == 200
    enqueue("engine.write", args={"name": "a"})
    assert looked(page) == 200
    expect(waiting(page)).to_have_text("1")
    expect(page.locator("#hours-table")).to_have_attribute("open", "")
    assert page.evaluate(UNMARKED) == 0
    control.pause("default", by="ada", reason="")
    looked(page)
    page.get_by_role("link", name="The queue default is paused by ada.").click()
    expect(page.get_by_label("Paused", exact=True)).to_be_focused()


def test_while_somebody_is_in_a_form_nothing_is_asked_and_the_form_does_not_move(page):
    page.goto(QUEUE)
    looked(page)
    field = page.get_by_label("Concurrency")
    place = "field => field.getBoundingClientRect().top + scrollY"
    before = field.evaluate(place)
    field.focus()
    expect(page.locator(SAID)).to_have_text(WAITS)
    assert field.evaluate(place) == before
    asked = requests_of(page)
    enqueue("engine.write", args={"name": "a"})
    page.clock.run_for(60_000)
    page.keyboard.press("Tab")  # to the next field of the same form
    page.clock.run_for(60_000)
    assert asked == []
    with page.expect_response(PART):
        page.evaluate("document.activeElement.blur()")
    expect(page.locator(SAID)).to_have_text("")
    expect(waiting(page)).to_have_text("1")
    looked(page)


def test_what_somebody_has_typed_stays_and_stops_all_looks_but_the_one_that_is_asked_for(page):
    page.goto(QUEUE)
    page.get_by_label("Concurrency").fill("7")
    page.get_by_label("Paused", exact=True).check()
    page.evaluate("document.activeElement.blur()")
    asked = requests_of(page)
    enqueue("engine.write", args={"name": "a"})
    page.clock.run_for(60_000)
    assert asked == []
    expect(page.locator(SAID)).to_have_text(WAITS)
    with page.expect_response(PART):
        page.get_by_role("link", name="Refresh now").click()
    expect(waiting(page)).to_have_text("1")
    expect(page.get_by_label("Concurrency")).to_have_value("7")
    asked.clear()
    page.clock.run_for(60_000)
    assert asked == []
    page.get_by_label("Concurrency").fill("")
    page.get_by_label("Paused", exact=True).uncheck()
    with page.expect_response(PART):
        page.evaluate("document.activeElement.blur()")


def test_an_answer_that_comes_when_somebody_has_entered_a_form_is_not_shown(page):
    page.goto(QUEUE)
    looked(page)
    held = []
    page.route(PART, lambda route: held.append(route))
    enqueue("engine.write", args={"name": "a"})
    page.clock.run_for(EVERY)
    wait_while_browsing(page, lambda: held)
    page.get_by_label("Concurrency").focus()
    with page.expect_request_finished(lambda request: PART.search(request.url)):
        held[0].continue_()
    page.evaluate("fetch('/healthz').then((answer) => answer.text())")  # by then it would have been shown
    expect(waiting(page)).to_have_text("0")
    page.unroute(PART)
    page.evaluate("document.activeElement.blur()")
    page.clock.run_for(EVERY)
    expect(waiting(page)).to_have_text("1")


def test_a_jobs_page_follows_it_to_its_end_and_then_rests(page):
    running = running_job("engine.write", {"name": "a"})
    open_job(page, running.job)
    assert buttons(page) == ["cancel"]
    running.progress(3, 7, "outline")
    looked(page)
    expect(page.get_by_text("3 of 7 parts, now: outline")).to_be_visible()
    expect(page.locator(WORDS)).to_have_text("Active. Now: outline.")
    running.log("Outline ready")
    with running.completing({"words": 400}):
        pass
    looked(page)
    expect(page.get_by_role("rowheader", name="Outline ready")).to_be_visible()
    expect(page.locator(".badge")).to_have_text("Completed")
    expect(page.locator(SAID)).to_have_text(ENDED)
    expect(page.get_by_role("button", name="Pause", exact=True)).to_have_count(0)
    assert buttons(page) == ["(cancel)"]
    asked = requests_of(page)
    page.clock.run_for(120_000)
    assert asked == []


def test_the_page_of_a_job_that_has_ended_asks_nothing_until_it_is_told_to(page):
    job = dead_letter("busy", kind="engine.write", args={"name": "a"})
    asked = requests_of(page)
    open_job(page, job)
    expect(page.locator(SAID)).to_have_text(ENDED)
    asked.clear()
    page.clock.run_for(120_000)
    assert asked == []
    control.retry(job)
    with page.expect_response(PART):
        page.get_by_role("link", name="Refresh now").click()
    expect(page.locator(".badge")).to_have_text("Waiting")
    expect(page.locator(SAID)).to_have_text("")
    looked(page)


def test_no_button_of_a_job_moves_and_the_one_in_use_is_waited_for(page):
    running = running_job("engine.write", {"name": "a"})
    open_job(page, running.job)
    looked(page)
    cancel = page.get_by_role("button", name="Cancel this job")
    cancel.focus()
    settle(running.job, Fail("gone"))
    asked = requests_of(page)
    page.clock.run_for(60_000)
    assert asked == []
    assert buttons(page) == ["cancel"]
    with page.expect_response(PART):
        cancel.blur()
    expect(page.get_by_role("button", name="Put back in line")).to_be_visible()
    assert buttons(page) == ["(cancel)", "retry"]
    page.get_by_role("button", name="Put back in line").click()
    expect(page.get_by_text("1 job put back in line")).to_be_visible()


def test_what_is_not_kept_any_more_is_told(page):
    job = enqueue("engine.write", args={"name": "a"}, run_at=clock.now() + HOUR)
    open_job(page, job)
    Job.objects.all().delete()
    assert looked(page) == 404
    expect(page.locator(SAID)).to_have_text("It is not there any more.")
    asked = requests_of(page)
    page.clock.run_for(120_000)
    assert asked == []


def test_without_a_script_both_are_pages_with_a_link_and_the_buttons_of_the_state(new_page, site, admin_user):
    page = new_page(javascript=False)
    log_in(page, admin_user)
    job = enqueue("engine.write", args={"name": "a"})
    for address in (QUEUE, f"/admin/queues/job/{job.pk}/change/"):
        page.goto(address)
        expect(page.get_by_role("button", name="Pause", exact=True)).to_have_count(0)
        page.get_by_role("link", name="Refresh", exact=True).click()
        expect(page).to_have_url(f"{site}{address}")
    expect(page.get_by_role("button", name="Put back in line")).to_have_count(0)
    page.get_by_role("button", name="Move to the front").click()
    expect(page.get_by_text("1 job moved to the front")).to_be_visible()


def test_the_stream_of_a_job_says_when_to_look(page, fresh_live):
    job = enqueue("engine.write", args={"name": "a"})
    with expect_news(page):
        open_job(page, job)
    looked(page, APART)
    asked = requests_of(page)
    page.clock.run_for(EVERY + 1000)  # longer than without a stream, far from when it would look anyway
    assert asked == []
    with expect_news(page):
        control.change_priority(job, 1)
    looked(page, APART)
    expect(page.get_by_text("1 (1 goes first, 10 last)")).to_be_visible()
