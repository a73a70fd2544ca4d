"""The blog in a real browser: in every state accessible, as wide as the screen, and usable without JavaScript."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from content.blog import services
from content.blog.models import Post
from tests.browser.looks import assert_accessible_and_fitting, problems, problems_of_colours, too_wide
from tests.browser.sessions import log_in
from tests.content.blog.builders import films, make_post, skyfall

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def empty() -> str:
    return "/blog/"


def listed() -> str:
    for title in films(13):
        make_post(title, publish=True)
    return "/blog/?page=2"


def post() -> str:
    return make_post(publish=True).get_absolute_url()


def long_words() -> str:
    odd = replace(skyfall(), title="X" * 90, directors=("Y" * 90,), overview="Z" * 300)
    found = make_post(odd)
    services.publish(found.pk)
    return found.get_absolute_url()


def forgotten() -> str:
    return make_post(replace(skyfall(), source="tmdb", external_id="7"), publish=True, record={}).get_absolute_url()


STATES = {"empty": empty, "listed": listed, "post": post, "long words": long_words, "forgotten": forgotten}


@pytest.mark.parametrize("name", STATES)
def test_a_page_is_accessible_in_light_and_dark_and_fits_the_screen(new_page, axe, name):
    page = new_page(390)
    page.goto(STATES[name]())
    assert_accessible_and_fitting(page, axe)


@pytest.fixture
def ada(django_user_model):
    return django_user_model.objects.create_superuser("ada", "ada@example.com", "lovelace")


def test_staff_look_at_a_draft_change_it_and_publish_it_without_javascript(new_page, ada):
    draft = make_post()
    page = new_page(390, javascript=False)
    log_in(page, ada)
    page.goto(draft.get_absolute_url())
    page.get_by_role("link", name="desk", exact=True).click()
    page.get_by_label("Text (Markdown)").fill("## A\n\nSkyfall was made by Ridley Scott.")
    page.get_by_role("button", name="Save, and publish…").click()
    expect(page.get_by_text("The catalogue does not have: Ridley Scott.")).to_be_visible()
    assert not Post.objects.published().exists()
    page.get_by_role("button", name="Publish 1 post").click()
    expect(page.get_by_text("1 post published.")).to_be_visible()
    page.goto("/blog/")
    expect(page.get_by_role("heading", name="Skyfall (2012)")).to_be_visible()


def test_the_note_on_a_draft_is_accessible_in_light_and_dark(new_page, axe, ada):
    bare = replace(skyfall(), overview="Said in 1877 by Nobody.")
    found = make_post(bare)
    services.edit_post(
        found.pk, by=None, title="S", seo_title="S", description="S.", markdown="## A\n\nIt has 77 parts, said Kim."
    )
    page = new_page(390)
    log_in(page, ada)
    page.goto(found.get_absolute_url())
    page.wait_for_load_state()
    assert too_wide(page, 390) == []
    assert problems(page, axe) == []
    assert problems_of_colours(page, dark=True) == []
