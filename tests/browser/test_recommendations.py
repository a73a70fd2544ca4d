"""The form and the page of recommendations in a real browser: accessible, as wide as the screen, and live."""

import pytest
from playwright.sync_api import Page, expect

from content.recommendations.models import Recommendation
from queues import announce
from queues.models import Job
from tests.browser.looks import assert_accessible_and_fitting, problems
from tests.browser.test_stream import looked, sees
from tests.browser.waiting import expect_news
from tests.content.recommendations.builders import answered, attempt, make_request

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def being_computed() -> Recommendation:
    row = make_request()
    Job.objects.filter(pk=row.current_job).update(state="active", stage="prices")
    return row


def failed() -> Recommendation:
    row = make_request()
    Job.objects.filter(pk=row.current_job).update(state="failed", error_kind="no_prices")
    return row


STATES = {
    "form": lambda: "/recommendations",
    "in line": lambda: f"/recommendations/{make_request().pk}",
    "being computed": lambda: f"/recommendations/{being_computed().pk}",
    "answered": lambda: f"/recommendations/{answered(capital=987_654_321.0).pk}",
    "failed": lambda: f"/recommendations/{failed().pk}",
    "gone": lambda: "/recommendations/00000000-0000-4000-8000-000000000000",
}


@pytest.mark.parametrize("name", STATES)
def test_a_page_is_accessible_in_light_and_dark_and_fits_the_screen(new_page, axe, name):
    page = new_page(390)
    page.goto(STATES[name]())
    assert_accessible_and_fitting(page, axe)


@pytest.mark.parametrize("javascript", [True, False])
def test_the_form_leads_to_the_page_and_keeps_what_was_chosen_when_something_is_wrong(new_page, axe, javascript):
    page: Page = new_page(390, javascript=javascript)
    page.goto("/recommendations")
    page.get_by_label("Technology").check()
    page.get_by_role("button", name="Ask for recommendations").click()
    expect(page.get_by_role("heading", name="One thing to correct")).to_be_visible()
    expect(page.get_by_label("Technology")).to_be_checked()
    if javascript:
        assert problems(page, axe) == []
    page.get_by_label("Capital").fill("2500.50")
    page.get_by_label("Long (10 years)").check()
    page.get_by_role("button", name="Ask for recommendations").click()
    expect(page.get_by_role("heading", name="Waiting")).to_be_visible()
    expect(page.get_by_text("$2,500.50")).to_be_visible()
    row = Recommendation.objects.get()
    assert (row.capital, row.time_horizon, row.sectors) == (2500.5, "long", ["Technology"])


def test_the_page_is_told_when_the_proposal_is_there(new_page, live):
    page: Page = new_page(clock=True)
    row = make_request()
    with expect_news(page):
        page.goto(f"/recommendations/{row.pk}")
    looked(page)
    attempt(row)
    with expect_news(page):
        announce.after_commit(Job.objects.get(pk=row.current_job))
    sees(page, "What may become of it")
    expect(page.get_by_text("Written from a template, not by AI")).to_be_visible()
    expect(page.get_by_role("img", name="80 of 100 outcomes")).to_be_visible()
