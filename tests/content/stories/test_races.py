"""The same thing twenty times at one moment, on real connections."""

import json
from functools import partial

import pytest
from django.test import Client

from config.models import ApiToken
from content.stories import services
from content.stories.models import Story
from queues.models import Job
from tests.concurrency import all_at_once
from tests.content.stories.builders import SEED, make_story

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
AT_ONCE = 20


def test_twenty_requests_to_enhance_one_story_make_one_job(ada):
    story = make_story(owner=ada)
    Job.objects.all().delete()
    headers = {"Authorization": f"Bearer {ApiToken.objects.issue(user=ada)}"}

    def ask():
        return Client(headers=headers).post(f"/api/stories/{story.pk}/enhance")

    answers = all_at_once([ask] * AT_ONCE)
    assert {answer.status_code for answer in answers} == {202}
    job = Job.objects.get()
    assert Story.objects.get().current_job == job.pk


def test_twenty_new_stories_get_a_job_each(ada):
    headers = {"Authorization": f"Bearer {ApiToken.objects.issue(user=ada)}"}

    def create():
        return Client(headers=headers).post("/api/stories", json.dumps(SEED), content_type="application/json")

    answers = all_at_once([create] * AT_ONCE)
    assert {answer.status_code for answer in answers} == {201}
    assert Story.objects.count() == Job.objects.count() == AT_ONCE


def test_twenty_changes_of_one_text_leave_one_text_with_its_own_scores_and_one_job():
    story = make_story()
    texts = [f"{'massive ' * (number % 4)} text {number}" for number in range(AT_ONCE)]
    all_at_once(
        [lambda text=text: services.edit_story(story.pk, content=text, impact_tags=[text[-7:]]) for text in texts]
    )
    story.refresh_from_db()
    assert story.content in texts
    assert story.text_version == AT_ONCE + 1
    times = story.content.count("massive")
    assert sum(line["count"] for line in story.evidence["hype"]) == times
    assert story.tags.count() == 1
    assert Job.objects.count() == 1


def test_changes_and_requests_at_once_never_block_each_other():
    story = make_story()
    Job.objects.update(state="failed")
    edits = [partial(services.edit_story, story.pk, content=f"Text {number}") for number in range(AT_ONCE // 2)]
    requests = [partial(services.request_enhancement, story)] * (AT_ONCE // 2)
    all_at_once([*edits, *requests])
    job = Job.objects.get(state="waiting")
    assert Story.objects.get().current_job == job.pk
    assert Job.objects.count() == 2
