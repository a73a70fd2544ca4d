"""Through a real worker and a real HTTP provider, with the worker killed between two paid answers."""

import json

import pytest

from content.recommendations.models import Recommendation
from queues import clock
from queues.models import Job
from tests.aiproviders.conftest import KEY
from tests.content.recommendations.builders import BOTH, REASONING, SEED, Model
from tests.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def test_a_worker_killed_between_two_answers_ends_in_one_result_and_pays_for_none_twice(client, openai, start_worker):
    class Slow(Model):
        """Its first text comes only after the gate is opened."""

        def __call__(self, asked) -> str:
            said = super().__call__(asked)
            if self.wrote == 1 and "reasoning" in asked.schema()["properties"]:
                openai.gate.wait(30)
            return said

    openai.says["analyst"] = model = Slow()
    env = {"OPENAI_BASE_URL": openai.url, "OPENAI_API_KEY": KEY, "AI_MODEL": "openai/analyst"}
    first = start_worker(**env)
    wish = json.dumps(SEED | {"sectors": BOTH})
    told = client.post("/api/recommendations", wish, content_type="application/json").json()
    wait_until(lambda: model.wrote == 1, 30)
    first.kill()
    openai.release()
    Job.objects.update(lease_until=clock.now())  # as after 20 seconds without a sign of life
    start_worker("two", **env)

    def result() -> dict:
        return client.get(f"/api/results/{told['requestId']}").json()

    wait_until(lambda: result()["status"] == "completed", 30)
    assert result()["result"]["reasoning"] == REASONING
    assert (model.picked, model.wrote) == (1, 2)  # the text that was under way when the worker died is asked for again
    assert Recommendation.objects.count() == Job.objects.count() == 1
    job = Job.objects.get()
    assert (job.attempts_made, job.losses) == (0, 1)
    assert sorted(job.steps.values_list("name", flat=True)) == ["choice", "pick-1", "prices", "text-1"]
