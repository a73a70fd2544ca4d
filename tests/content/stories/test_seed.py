"""Every curl line and every JSON example of the users' own document about stories: keys and types as they stand there.

Values differ: ids are real ones, scores are computed, times are those of the run.
"""

import json
import uuid
from datetime import datetime

import pytest
from django.test import Client

from content.stories import enhancement
from queues.models import Job
from queues.running import RunningJob
from tests.content.stories.builders import GOOD, SEED
from tests.factories import claimed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
CREATED = {"success": True, "data": {"story": {"id": "", "hypeScore": 6.5, "ethicsScore": 3.2, "jobId": ""}}}
JOB = {
    "success": True,
    "data": {
        "job": {
            "id": "story-enhancement-story-uuid",
            "storyId": "story-uuid",
            "status": "completed",
            "result": {
                "success": True,
                "storyId": "story-uuid",
                "enhancedScores": {"hypeScore": 7.2, "ethicsScore": 4.8, "realityCheck": "", "eli5Summary": ""},
                "processingTime": 2500,
            },
            "createdAt": "2025-01-15T10:00:00.000Z",
            "updatedAt": "2025-01-15T10:02:00.000Z",
        }
    },
}
STATS = {
    "success": True,
    "data": {
        "stats": {
            "totalJobs": 25,
            "pendingJobs": 3,
            "completedJobs": 20,
            "failedJobs": 2,
            "openAIConfigured": True,
            "queueSize": 3,
        }
    },
}


def assert_like(answer, example, path: str = "answer") -> None:
    """Every key of the example is there, with a value of its type; answers may hold more."""
    if isinstance(example, dict):
        assert isinstance(answer, dict), path
        for key, value in example.items():
            assert key in answer, f"{path}.{key}"
            assert_like(answer[key], value, f"{path}.{key}")
    else:
        assert type(answer) is type(example), f"{path} is {answer!r}"


def post(api: Client, story: dict):
    return api.post("/api/stories", json.dumps(story), content_type="application/json")


@pytest.fixture
def judged(openai, settings):
    settings.AI_MODEL = "openai/judge"
    openai.says["judge"] = json.dumps(GOOD)


def work_off() -> None:
    """What a worker does with the only job."""
    running = RunningJob(claimed(Job.objects.get()))
    enhancement.enhance(story_id=running.job.args["story_id"], job=running)


def test_story_creation_with_queue(api):
    answer = post(api, SEED)
    assert answer.status_code == 201
    assert_like(answer.json(), CREATED)
    story = answer.json()["data"]["story"]
    assert uuid.UUID(story["id"])
    assert story["jobId"] == f"story-enhancement-{story['id']}"
    assert {name: story[name] for name in SEED} == SEED
    assert answer.headers["Location"] == f"/api/stories/{story['id']}"


def test_creating_the_test_story_of_local_development(api):
    story = {
        "title": "Test Story for Worker",
        "content": "This is a test story to verify worker processing.",
        "sectorTag": "Testing",
        "impactTags": ["test"],
    }
    assert_like(post(api, story).json(), CREATED)


@pytest.mark.parametrize("slash", ["", "/"])
def test_job_status_monitoring_without_credentials(api, client, judged, slash):
    story = post(api, SEED).json()["data"]["story"]
    work_off()
    answer = client.get(f"/api/stories/scoring/job/{story['jobId']}{slash}")
    assert answer.status_code == 200
    assert_like(answer.json(), JOB)
    job = answer.json()["data"]["job"]
    assert (job["id"], job["storyId"], job["status"]) == (story["jobId"], story["id"], "completed")
    assert job["result"]["enhancedScores"] == GOOD
    for name in ("createdAt", "updatedAt"):
        assert job[name].endswith("Z") and datetime.fromisoformat(job[name])


def test_the_job_is_also_known_by_its_own_id(api, client, judged):
    story = post(api, SEED).json()["data"]["story"]
    work_off()
    job = Job.objects.get()
    answer = client.get(f"/api/stories/scoring/job/{job.pk}").json()
    assert_like(answer, JOB)
    assert (answer["data"]["job"]["id"], answer["data"]["job"]["storyId"]) == (str(job.pk), story["id"])


@pytest.mark.parametrize("slash", ["", "/"])
def test_queue_statistics_without_credentials(api, client, settings, slash):
    settings.OPENAI_API_KEY = "sk-of-the-house"
    post(api, SEED)
    answer = client.get(f"/api/stories/scoring/stats{slash}")
    assert answer.status_code == 200
    assert_like(answer.json(), STATS)
    assert answer.json()["data"]["stats"] == {
        "totalJobs": 1,
        "pendingJobs": 1,
        "completedJobs": 0,
        "failedJobs": 0,
        "openAIConfigured": True,
        "queueSize": 1,
    }


def test_testing_openai_without_credentials(client):
    answer = client.get("/api/stories/scoring/openai/test")
    assert answer.status_code == 200
    assert_like(answer.json(), {"success": False, "data": {}})


@pytest.mark.parametrize("state", ["waiting", "active", "completed", "delayed", "failed"])
def test_the_states_are_those_of_the_document(api, client, state):
    story = post(api, SEED).json()["data"]["story"]
    Job.objects.update(state=state, result={"success": True})
    answer = client.get(f"/api/stories/scoring/job/{story['jobId']}").json()
    assert answer["data"]["job"]["status"] == state


def test_the_policy_of_the_queue_is_the_documents(settings):
    policy = settings.QUEUE_DEFAULTS | settings.QUEUES["stories"]
    assert (policy["concurrency"], policy["max_attempts"], policy["backoff"]) == (5, 3, [2, 4, 8])
    assert (policy["keep_completed_count"], policy["keep_failed_count"]) == (100, 50)
