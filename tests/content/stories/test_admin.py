"""Staff see both scores, and change a story only through its services."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from content.stories import admin
from content.stories.models import Story
from queues.models import Job
from tests.content.stories.builders import SEED, enhanced, make_story

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LIST = "/admin/stories/story/"


def page(client, address: str = LIST) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def address(story: Story) -> str:
    return reverse("admin:stories_story_change", args=[story.pk])


def written(**changes) -> dict:
    return {"title": "New", "content": "A miracle", "sector_tag": "AI", "impact_tags": "a, b"} | changes


def rescore(client, *stories: Story, **more):
    selected = [str(story.pk) for story in stories]
    return client.post(LIST, {"action": "rescore", "_selected_action": selected, **more})


def test_the_list_shows_both_scores_side_by_side_and_how_the_job_is_doing(admin_client):
    enhanced(make_story())
    Job.objects.update(state="failed", error_kind="no_key")
    make_story(title="Another")
    listed = page(admin_client)
    for text in ("0 | 7.2", "6.3 | 4.8", "0 | -", ">failed</a>: No language model is set up", ">waiting</a>"):
        assert text in listed


def test_the_list_needs_the_same_queries_for_one_story_and_for_fifty(admin_client):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(admin_client)
        return len(queries)

    make_story()
    one = count()
    for _ in range(49):
        make_story()
    assert count() == one


def test_filters_find_stories_by_their_scores(admin_client):
    enhanced(make_story(title="Far apart"))
    enhanced(make_story(title="As one", content="Privacy, bias"), enhanced_hype_score=0.2, enhanced_ethics_score=6)
    make_story(title="A revolutionary miracle", content="An unprecedented moonshot")
    found = {
        "?enhancement=apart": {"Far apart"},
        "?enhancement=yes": {"Far apart", "As one"},
        "?enhancement=no": {"A revolutionary miracle"},
        "?hype=high": {"A revolutionary miracle"},
        "?hype=low": {"Far apart", "As one"},
        "?ethics=middle": {"As one"},
        "?hype=nonsense": {"Far apart", "As one", "A revolutionary miracle"},
    }
    titles = ("Far apart", "As one", "A revolutionary miracle")
    for query, expected in found.items():
        listed = page(admin_client, LIST + query)
        assert {title for title in titles if f"{title}</a>" in listed} == expected, query


def test_a_story_shows_what_was_found_and_only_its_text_can_be_changed(admin_client):
    story = enhanced(make_story())
    shown = page(admin_client, address(story))
    for text in ("hype 0 | 7.2, ethics 6.3 | 4.8", "ethics: privacy", "openai/gpt-test", f"/stories/{story.pk}"):
        assert text in shown
    for name in ("hype_score", "enhanced_hype_score", "reality_check", "evidence", "current_job"):
        assert f'name="{name}"' not in shown


def test_a_change_is_scored_by_the_service(admin_client):
    story = enhanced(make_story())
    Job.objects.update(state="completed")
    assert admin_client.post(address(story), written()).status_code == 302
    story.refresh_from_db()
    assert (story.hype_score, story.is_enhanced, story.text_version) == (3.9, False, 2)
    assert [tag.name for tag in story.tags.all()] == ["a", "b"]
    assert Job.objects.filter(state="waiting").count() == 1


def test_a_story_that_staff_write_is_like_any_other(admin_client, admin_user):
    assert admin_client.post("/admin/stories/story/add/", written()).status_code == 302
    story = Story.objects.get()
    assert (story.owner, story.hype_score, story.current_job) == (admin_user, 3.9, Job.objects.get().pk)


@pytest.mark.parametrize("change", [{"title": ""}, {"content": "x" * 20_001}, {"impact_tags": "a," * 9 + "b,c"},
                                    {"impact_tags": "x" * 41}])  # fmt: skip
def test_a_wrong_change_is_shown_and_changes_nothing(admin_client, change):
    story = make_story()
    assert admin_client.post(address(story), written(**change)).status_code == 200
    assert Story.objects.get().title == SEED["title"]
    assert Job.objects.count() == 1


def test_scoring_again_asks_first(admin_client):
    story = make_story()
    Job.objects.update(state="completed")
    Story.objects.update(hype_score=9, lexicon_version="lexicon/0")
    asked = rescore(admin_client, story)
    assert "1 story will be scored" in asked.content.decode()
    assert "is not known yet" in asked.content.decode()
    assert (Story.objects.get().hype_score, Job.objects.count()) == (9, 1)
    done = rescore(admin_client, story, confirmed="yes")
    assert done.status_code == 302
    assert (Story.objects.get().hype_score, Job.objects.filter(state="waiting").count()) == (0, 1)
    assert LogEntry.objects.get().object_id == str(story.pk)


def test_too_many_at_once_are_refused(admin_client, monkeypatch):
    monkeypatch.setattr(admin, "MOST_SELECTED", 1)
    assert rescore(admin_client, make_story(), make_story(), confirmed="yes").status_code == 302
    assert Job.objects.count() == 2


def test_who_may_only_look_cannot_score_again(client, django_user_model):
    from django.contrib.auth.models import Permission

    viewer = django_user_model.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_story"))
    client.force_login(viewer)
    story = make_story()
    Job.objects.update(state="completed")
    rescore(client, story, confirmed="yes")
    assert Job.objects.count() == 1
