"""The page of a story in a real browser: in every state accessible and as wide as the screen, and live."""

import pytest
from playwright.sync_api import Page, expect

from content.stories.models import Story
from queues import announce
from queues.models import Job
from tests.browser.looks import assert_accessible_and_fitting
from tests.browser.test_stream import POLL_WITH_STREAM, looked, sees
from tests.browser.waiting import expect_news
from tests.content.stories.builders import GOOD, enhanced, make_story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = (
    "The firm calls its chip revolutionary, an unprecedented breakthrough that is not a miracle.\n\n"
    + "Regulators warn of surveillance and bias. " * 12
)


def in_line() -> Story:
    return make_story(title="A" * 120 + " and more", content=TEXT, impact_tags=["privacy", "x" * 40])


def being_read() -> Story:
    story = make_story(content=TEXT)
    Job.objects.filter(pk=story.current_job).update(state="active")
    return story


def read(story: Story | None = None) -> Story:
    story = enhanced(story or make_story(content=TEXT))
    Job.objects.filter(pk=story.current_job).update(state="completed")
    return story


def failed() -> Story:
    story = make_story(content="Nothing to find here.", title="Plain", impact_tags=[], sector_tag="")
    Job.objects.update(state="failed", error_kind="server")
    return story


STATES = {"in line": in_line, "being read": being_read, "read": read, "failed": failed}


@pytest.mark.parametrize("name", STATES)
def test_a_story_is_accessible_in_light_and_dark_and_fits_the_screen(new_page, axe, name):
    page = new_page(390)
    page.goto(f"/stories/{STATES[name]().pk}")
    assert_accessible_and_fitting(page, axe)


def test_the_scores_stand_beside_the_text_or_on_a_phone_before_it(new_page):
    story = read()
    page = new_page()
    page.goto(f"/stories/{story.pk}")
    for width, beside in ((1280, True), (390, False)):
        page.set_viewport_size({"width": width, "height": 900})
        scores = page.get_by_role("heading", name="Scores", exact=True).bounding_box()
        text = page.get_by_text("The firm calls its chip").bounding_box()
        assert (scores["x"] > text["x"] + text["width"]) == beside
        assert beside or scores["y"] < text["y"]


def test_the_page_is_told_when_the_model_has_read_the_story(new_page, live):
    page: Page = new_page(clock=True)
    story = being_read()
    with expect_news(page):
        page.goto(f"/stories/{story.pk}")
    looked(page)
    read(story)
    with expect_news(page):
        announce.after_commit(Job.objects.get(pk=story.current_job))
    sees(page, "What the model adds")
    expect(page.get_by_text(GOOD["eli5Summary"])).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(2 * POLL_WITH_STREAM)
    assert asked == []


def test_a_lost_server_is_said_in_words_of_this_page(new_page):
    page: Page = new_page(clock=True)
    page.goto(f"/stories/{being_read().pk}")
    page.route("**/live", lambda route: route.abort())
    page.clock.run_for(2000)
    expect(page.locator("[role=status]")).to_have_text("We cannot reach the server. This page tries again.")
