"""The way of a story through a real worker and a real HTTP provider."""

import json

import pytest

from content.stories.models import Story
from queues.models import Job
from tests.aiproviders.conftest import KEY
from tests.content.stories.builders import GOOD, SEED
from tests.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def create(api) -> dict:
    answer = api.post("/api/stories", json.dumps(SEED), content_type="application/json")
    return answer.json()["data"]["story"]


def ended(client, story: dict) -> dict:
    """The job as its client sees it, once it has ended."""
    seen = []

    def over() -> bool:
        answer = client.get(f"/api/stories/scoring/job/{story['jobId']}").json()
        seen.append(answer["data"]["job"])
        return seen[-1]["status"] in ("completed", "failed")

    wait_until(over, 30)
    return seen[-1]


def test_a_story_is_enhanced_and_the_log_tells_the_scores_but_no_text(api, client, openai, start_worker):
    openai.says["judge"] = json.dumps(GOOD)
    debug = {"DEBUG_SCORING": "true", "LOG_LEVEL": "debug"}
    worker = start_worker(OPENAI_BASE_URL=openai.url, OPENAI_API_KEY=KEY, AI_MODEL="openai/judge", **debug)
    story = create(api)
    job = ended(client, story)
    assert job["result"]["enhancedScores"] == GOOD
    assert client.get(f"/api/stories/{story['id']}").json()["data"]["story"]["enhancedScores"] == GOOD
    wait_until(lambda: "hype 0.0 -> 7.2" in worker.output())
    for secret in (KEY, SEED["content"], GOOD["eli5Summary"]):
        assert secret not in worker.output()


def test_with_a_provider_that_is_down_the_job_fails_after_three_tries_and_the_local_scores_stay(
    api, client, openai, start_worker
):
    model, quick = "openai/status-500", {"WORKER_BACKOFF_DELAY": "1"}
    start_worker(OPENAI_BASE_URL=openai.url, OPENAI_API_KEY=KEY, AI_MODEL=model, **quick)
    story = create(api)
    job = ended(client, story)
    assert (job["status"], job["attemptsMade"], job["result"]["errorKind"]) == ("failed", 3, "server")
    assert len(openai.requests) == 3
    assert (Story.objects.get().ethics_score, Story.objects.get().is_enhanced) == (6.3, False)
    assert Job.objects.get().attempts.count() == 3
