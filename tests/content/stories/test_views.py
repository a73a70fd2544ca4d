"""The page of a story: what it shows, and how it keeps itself up to date."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.stories import services
from content.stories.models import Story
from queues import topics
from queues.models import Job
from tests.content.stories.builders import GOOD, SEED, enhanced, make_story

pytestmark = [pytest.mark.django_db, pytest.mark.database]
EVIL = "<script>alert(1)</script>"


def text(client, story: Story, part: str = "") -> str:
    response = client.get(f"/stories/{story.pk}{part}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("slash", ["", "/"])
def test_page_fragment_and_stream_open_with_and_without_a_slash(client, slash):
    story = make_story()
    assert client.get(f"/stories/{story.pk}{slash}").status_code == 200
    assert client.get(f"/stories/{story.pk}/live{slash}").status_code == 200
    assert client.get(f"/stories/{story.pk}/stream{slash}").status_code == 307


def test_the_page_shows_text_local_scores_and_the_words_behind_them(client):
    shown = text(client, make_story())
    for part in (SEED["title"], SEED["content"], "AI Ethics", "privacy", "6.3", "by its words", "lexicon/1"):
        assert part in shown
    assert "by the model" not in shown
    assert 'stroke-dasharray="63 100"' in shown


def test_the_page_shows_what_the_model_adds_with_its_name(client):
    story = enhanced(make_story())
    Job.objects.update(state="completed")
    shown = text(client, story)
    for part in ("7.2", "4.8", GOOD["realityCheck"], GOOD["eli5Summary"], "Written by AI (openai/gpt-test)"):
        assert part in shown


def test_nothing_of_a_story_is_taken_for_markup(client):
    story = enhanced(
        make_story(title=EVIL, content=f"{EVIL}\n\n\"'&", sector_tag=EVIL, impact_tags=[EVIL]),
        reality_check=EVIL,
        eli5_summary=EVIL,
        enhanced_by=EVIL,
    )
    assert EVIL not in text(client, story) + text(client, story, "/live")


def test_no_style_stands_in_the_page_as_the_policy_forbids_it(client):
    story = enhanced(make_story())
    assert "style=" not in text(client, story)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("waiting", "Number 1 in line for a closer look."),
        ("active", "A language model is reading the story."),
        ("delayed", "The last try did not work out. The next one starts by itself."),
        ("failed", "No language model is set up for this story."),
        ("cancelled", "No language model has read the story."),
    ],
)
def test_the_page_says_where_the_enhancement_stands(client, state, words):
    story = make_story()
    Job.objects.update(state=state, error_kind="no_key")
    shown = text(client, story)
    assert words in shown
    assert ("js/live.js" in shown) == (state in ("waiting", "active", "delayed"))
    assert ("data-done" in shown) == (state in ("failed", "cancelled"))


def test_a_story_whose_job_is_forgotten_still_shows_everything(client):
    story = enhanced(make_story())
    Job.objects.all().delete()
    assert GOOD["eli5Summary"] in text(client, story)


def test_the_page_hears_of_its_story_and_while_it_waits_of_the_line(client, settings):
    story = make_story()
    settings.LIVE_URL = "https://live.example"

    def heard() -> list[str]:
        return topics.opened_by(client.get(f"/stories/{story.pk}/stream").url.removeprefix(settings.LIVE_URL))

    assert heard() == [f"stories.story:{story.pk}", "queue:stories"]
    Job.objects.update(state="active")
    assert heard() == [f"stories.story:{story.pk}"]


def test_the_fragment_is_sent_again_only_when_it_changed(client):
    story = make_story()
    address = f"/stories/{story.pk}/live"
    etag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    enhanced(story)
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_the_page_contains_the_fragment_as_it_is(client):
    story = make_story()
    assert text(client, story, "/live").strip() in text(client, story)


@pytest.mark.parametrize("part", ["", "/live", "/stream"])
@pytest.mark.parametrize("story_id", [uuid.uuid4(), "nothing"])
def test_a_story_that_is_not_there_is_not_found(client, story_id, part):
    assert client.get(f"/stories/{story_id}{part}").status_code == 404


def test_looking_changes_nothing_and_posting_is_not_allowed(client):
    story = make_story()
    before = Job.objects.get().pk
    text(client, story)
    assert client.post(f"/stories/{story.pk}").status_code == 405
    assert Job.objects.get().pk == before


def test_the_number_of_queries_does_not_depend_on_the_history(client):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            text(client, story)
        return len(queries)

    story = make_story()
    one = count()
    for number in range(10):
        Job.objects.update(state="failed")
        story = services.edit_story(story.pk, content=f"Text {number}", impact_tags=list("abcdefghij"))
    assert count() == one <= 4
