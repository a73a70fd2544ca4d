"""The API of stories, over HTTP: who may do what, filters, and that bad input stores nothing."""

import json
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aiproviders import keys
from content.stories import services
from content.stories.models import Story
from queues.models import Job
from tests.content.stories.builders import SEED, enhanced, make_story

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def send(client: Client, path: str, body, method: str = "post"):
    body = body if isinstance(body, str) else json.dumps(body)
    return getattr(client, method)(path, body, content_type="application/json")


def titles(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"/api/stories{query}")
    assert answer.status_code == 200, answer.content
    return [story["title"] for story in answer.json()["data"]["results"]]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"title": ""}, "/title"),
        ({"title": None}, "/title"),
        ({"title": "x" * 201}, "/title"),
        ({"title": ["a"]}, "/title"),
        ({"title": 7}, "/title"),
        ({"content": "  "}, "/content"),
        ({"content": "x" * 20_001}, "/content"),
        ({"content": "a\0b"}, "/content"),
        ({"content": "a\ud800b"}, "/content"),
        ({"sectorTag": "x" * 61}, "/sectorTag"),
        ({"sectorTag": {"a": 1}}, "/sectorTag"),
        ({"impactTags": "privacy"}, "/impactTags"),
        ({"impactTags": ["x"] * 11}, "/impactTags"),
        ({"impactTags": [""]}, "/impactTags/0"),
        ({"impactTags": [7]}, "/impactTags/0"),
        ({"impactTags": [{"a": 1}]}, "/impactTags/0"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_stored(api, change, pointer):
    answer = send(api, "/api/stories", SEED | change)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert {error["pointer"] for error in answer.json()["errors"]} == {pointer}
    assert (Story.objects.count(), Job.objects.count()) == (0, 0)


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"text"', '{"title": "only"}'])
def test_a_body_that_is_no_story_is_refused(api, body):
    assert send(api, "/api/stories", body).status_code == 400
    assert not Story.objects.exists()


def test_what_is_not_said_is_empty(api):
    answer = send(api, "/api/stories/", {"title": "T", "content": "C"})
    story = answer.json()["data"]["story"]
    assert (answer.status_code, story["sectorTag"], story["impactTags"]) == (201, "", [])
    assert (story["enhancedScores"], story["realityCheck"], story["eli5Summary"]) == (None, None, None)


def test_a_client_cannot_write_scores_or_whose_story_it_is(api, ada):
    send(api, "/api/stories", SEED | {"hypeScore": 10, "owner": 7, "id": str(uuid.uuid4()), "evidence": {}})
    story = Story.objects.get()
    assert (story.hype_score, story.owner) == (0.0, ada)


@pytest.mark.parametrize(
    ("method", "path"),
    [("post", ""), ("get", ""), ("patch", "/{id}"), ("post", "/{id}/enhance")],
)
def test_writing_and_listing_needs_credentials(client, method, path):
    story = make_story()
    answer = (
        send(client, f"/api/stories{path.format(id=story.pk)}", SEED, method)
        if method != "get"
        else client.get("/api/stories")
    )
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert (Story.objects.count(), Job.objects.count()) == (1, 1)


def test_anybody_may_read_a_story_whose_id_he_knows(client):
    story = enhanced(make_story())
    answer = client.get(f"/api/stories/{story.pk}/").json()["data"]["story"]
    assert answer["enhancedScores"]["hypeScore"] == 7.2
    assert (answer["hypeScore"], answer["impactTags"]) == (0.0, ["privacy"])
    assert [word["word"] for word in answer["evidence"]["ethics"]] == ["privacy", "concern"]
    assert answer["enhancedBy"] == "openai/gpt-test"


@pytest.mark.parametrize("story_id", [uuid.uuid4(), "nothing", "%00", "-1"])
def test_a_story_that_is_not_there_is_not_found(client, api, story_id):
    for answer in (
        client.get(f"/api/stories/{story_id}"),
        send(api, f"/api/stories/{story_id}", {}, "patch"),
        send(api, f"/api/stories/{story_id}/enhance", {}),
    ):
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_another_ones_story_is_changed_by_nobody_but_staff(api, django_user_model):
    story = make_story(owner=django_user_model.objects.create_user("bob"))
    missing = send(api, f"/api/stories/{uuid.uuid4()}", {"title": "Mine"}, "patch")
    for path, method in ((f"/api/stories/{story.pk}", "patch"), (f"/api/stories/{story.pk}/enhance", "post")):
        answer = send(api, path, {"title": "Mine"}, method)
        assert (answer.status_code, answer.content) == (404, missing.content)
    assert titles(api) == []
    django_user_model.objects.filter(username="ada").update(is_staff=True)
    assert send(api, f"/api/stories/{story.pk}", {"title": "Mine"}, "patch").status_code == 200
    assert titles(api) == ["Mine"]


def test_a_change_answers_with_the_new_scores(api, ada):
    story = enhanced(make_story(owner=ada))
    answer = send(api, f"/api/stories/{story.pk}", {"content": "A revolutionary miracle.", "impactTags": []}, "patch")
    changed = answer.json()["data"]["story"]
    assert (answer.status_code, changed["hypeScore"], changed["enhancedScores"]) == (200, 6.3, None)
    assert (changed["title"], changed["impactTags"]) == (SEED["title"], [])


def test_a_wrong_change_changes_nothing(api, ada):
    story = enhanced(make_story(owner=ada))
    assert send(api, f"/api/stories/{story.pk}", {"title": "", "content": "New"}, "patch").status_code == 400
    assert Story.objects.get().content == story.content
    assert Story.objects.get().is_enhanced


def test_asking_for_an_enhancement_gives_the_open_job(api, ada):
    story = make_story(owner=ada)
    answer = send(api, f"/api/stories/{story.pk}/enhance", {})
    asked = answer.json()["data"]["enhancement"]
    assert answer.status_code == 202
    assert (asked["status"], asked["jobId"]) == ("waiting", f"story-enhancement-{story.pk}")
    assert (asked["storyId"], asked["estimatedTime"], asked["estimatedSeconds"]) == (str(story.pk), "unknown", None)
    assert answer.headers["Location"] == f"/api/stories/scoring/job/story-enhancement-{story.pk}"
    assert answer.headers["Retry-After"] == "2"
    assert Job.objects.count() == 1


def test_a_failed_enhancement_may_be_asked_for_again_and_a_done_one_is_not(api, ada):
    story = make_story(owner=ada)
    Job.objects.update(state="failed", error_kind="server")
    assert send(api, f"/api/stories/{story.pk}/enhance", {}).status_code == 202
    assert Job.objects.count() == 2
    Job.objects.update(state="completed")
    enhanced(story)
    assert send(api, f"/api/stories/{story.pk}/enhance", {}).status_code == 200
    assert Job.objects.count() == 2


def test_a_failed_job_says_its_kind_and_nothing_of_the_provider(client):
    story = make_story()
    Job.objects.update(state="failed", error_kind="quota", error_message="org-123 has no credit")
    answer = client.get(f"/api/stories/scoring/job/story-enhancement-{story.pk}")
    result = answer.json()["data"]["job"]["result"]
    nothing = {"success": False, "storyId": str(story.pk), "enhancedScores": None, "processingTime": None}
    assert result == nothing | {"errorKind": "quota"}
    assert "org-123" not in answer.content.decode()


def test_after_a_change_the_seeds_id_means_the_new_job(client):
    story = make_story()
    Job.objects.update(state="failed")
    services.edit_story(story.pk, content="New text")
    answer = client.get(f"/api/stories/scoring/job/story-enhancement-{story.pk}").json()
    assert answer["data"]["job"]["status"] == "waiting"


def test_jobs_of_other_kinds_and_unknown_ones_are_not_found(client, ada):
    from queues.services import enqueue

    other = enqueue("stories.test_openai", args={"user_id": ada.pk})
    for job_id in (other.pk, uuid.uuid4(), f"story-enhancement-{uuid.uuid4()}", "story-enhancement-", "x", "%00"):
        answer = client.get(f"/api/stories/scoring/job/{job_id}")
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_statistics_count_every_state_in_one_query(api, ada, django_assert_num_queries):
    from django.utils import timezone

    keys.save("openai", "sk-of-ada-herself", user=ada)
    states = ["waiting", "delayed", "dispatched", "active", "completed", "failed", "failed", "cancelled"]
    for state in states:
        story = make_story()
        ended = timezone.now() if state in ("completed", "failed", "cancelled") else None
        Job.objects.filter(pk=story.current_job).update(state=state, finished_at=ended)
    with CaptureQueriesContext(connection) as queries:
        stats = api.get("/api/stories/scoring/stats").json()["data"]["stats"]
    assert stats == {
        "totalJobs": 7,
        "pendingJobs": 4,
        "completedJobs": 1,
        "failedJobs": 2,
        "openAIConfigured": True,
        "queueSize": 3,
    }
    assert sum("queues_job" in query["sql"] for query in queries) == 1


def test_filters_by_sector_tags_scores_and_enhancement(api, ada):
    make_story(ada, title="Plain", content="Nothing", sector_tag="Energy", impact_tags=["grid"])
    make_story(ada, title="A revolutionary miracle", content="Wow", sector_tag="AI", impact_tags=["jobs", "privacy"])
    enhanced(make_story(ada, title="Surveillance", content="Bias", sector_tag="AI", impact_tags=["privacy"]))
    assert titles(api) == ["Surveillance", "A revolutionary miracle", "Plain"]
    assert titles(api, "?sectorTag=AI") == ["Surveillance", "A revolutionary miracle"]
    assert titles(api, "?impactTags=privacy") == ["Surveillance", "A revolutionary miracle"]
    assert titles(api, "?impactTags=privacy,%20jobs") == ["A revolutionary miracle"]
    assert titles(api, "?minHypeScore=5") == ["A revolutionary miracle"]
    assert titles(api, "?maxHypeScore=0&maxEthicsScore=0") == ["Plain"]
    assert titles(api, "?minEthicsScore=0.1") == ["Surveillance"]
    assert titles(api, "?enhanced=true") == ["Surveillance"]
    assert titles(api, "?enhanced=false&sectorTag=AI") == ["A revolutionary miracle"]


@pytest.mark.parametrize(
    "query",
    [
        "minHypeScore=x", "minHypeScore=11", "maxEthicsScore=-1", "minHypeScore=nan", "maxHypeScore=inf", "enhanced=x",
        "enhanced=1", "enhanced=", "minHypeScore=", "sectorTag=%00", "impactTags=a%00", "sectorTag=" + "x" * 61,
        "cursor=x",
    ],
)  # fmt: skip
def test_a_wrong_filter_is_named(api, query):
    answer = api.get(f"/api/stories?{query}")
    assert answer.status_code in (400, 404)
    assert answer["Content-Type"] == "application/problem+json"


def test_pages_are_followed_by_their_cursor_without_loss(api, ada):
    for number in range(5):
        make_story(ada, title=f"S{number}")
    seen, address = [], "/api/stories?limit=2"
    while address:
        page = api.get(address).json()["data"]
        seen += [story["title"] for story in page["results"]]
        address = page["next"]
    assert seen == ["S4", "S3", "S2", "S1", "S0"]


def test_a_list_needs_the_same_queries_for_one_story_and_for_fifty(api, ada):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert len(titles(api)) in (1, 50)
        return len(queries)

    make_story(ada)
    count()  # the token's first use is noted
    one = count()
    for _ in range(49):
        make_story(ada, impact_tags=["a", "b", "c"])
    assert count() == one <= 5
