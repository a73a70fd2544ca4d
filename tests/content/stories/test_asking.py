"""Stories that no model has read for want of a key: counted, priced and asked for again in one go."""

import datetime
import json
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aiproviders.models.calls import AICall
from content.stories import asking, enhancement, services
from content.stories.models import Story
from queues import control
from queues.errors import Cancelled
from queues.failure import settle
from queues.models import Job, Queue
from queues.running import RunningJob
from queues.states import JobState
from tests.content.stories.builders import GOOD, enhanced, make_story
from tests.factories import claimed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
LIST, ASK = "/admin/stories/story/", "/admin/stories/story/ask-again/"
KEY = "sk-test-0123456789abcdef0123"


@pytest.fixture
def keyless(settings):
    settings.AI_MODEL = settings.OPENAI_API_KEY = ""


def attempt(story: Story) -> Job:
    running = RunningJob(claimed(Job.objects.get(pk=Story.objects.get(pk=story.pk).current_job)))
    try:
        enhancement.enhance(story_id=str(story.pk), job=running)
    except Exception as error:
        settle(running.job, error)
    return Job.objects.get(pk=running.job.pk)


def left_alone(count: int) -> list[Story]:
    """Stories whose jobs have ended without a key."""
    stories = [make_story(title=f"Story {number}") for number in range(count)]
    assert {attempt(story).state for story in stories} == {"completed"}
    return stories


def ask_again(user) -> Job:
    job = asking.ask_again(by=user)
    running = RunningJob(claimed(job))
    with running.completing({"asked": asking.ask_for_all(running)}):
        pass
    return Job.objects.get(pk=job.pk)


def text_of(response) -> str:
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def open_enhancements() -> list[str]:
    return sorted(Job.objects.open().filter(kind=services.ENHANCE).values_list("subject_label", flat=True))


def test_all_are_asked_again_in_one_go_once_and_behind_what_is_new(keyless, admin_user, monkeypatch):
    monkeypatch.setattr(asking, "AT_ONCE", 2)
    left_alone(5)
    other, failed = make_story(title="In line"), make_story(title="Failed")
    Job.objects.filter(pk=failed.current_job).update(state=JobState.FAILED, error_kind="refusal")
    job = ask_again(admin_user)
    assert (job.result, job.progress, job.total) == ({"asked": 5}, 5, 5)
    assert open_enhancements() == ["In line", *(f"Story {number}" for number in range(5))]
    again = Job.objects.open().filter(kind=services.ENHANCE).exclude(pk=other.current_job)
    assert set(again.values_list("priority", flat=True)) == {services.AGAIN}
    assert not Story.objects.without_key().exists()
    assert ask_again(admin_user).result == {"asked": 0} and len(open_enhancements()) == 6


def test_what_ends_without_a_key_again_can_be_asked_for_again(keyless, admin_user):
    story = left_alone(1)[0]
    ask_again(admin_user)
    assert attempt(story).result["errorKind"] == "no_key"
    assert list(Story.objects.without_key()) == [story]


def test_with_a_key_again_a_story_is_enhanced_and_off_the_list(openai, settings, admin_user):
    openai.says["judge"] = json.dumps(GOOD)
    key, settings.OPENAI_API_KEY, settings.AI_MODEL = settings.OPENAI_API_KEY, "", ""
    story = left_alone(1)[0]
    settings.OPENAI_API_KEY, settings.AI_MODEL = key, "openai/judge"
    ask_again(admin_user)
    assert attempt(story).result["success"]
    story.refresh_from_db()
    assert story.is_enhanced and not Story.objects.without_key().exists()


def test_they_are_known_when_their_jobs_are_gone_and_asked_for_by_hand_they_are_not_asked_twice(keyless, admin_user):
    first, _ = left_alone(2)
    Job.objects.all().delete()
    assert Story.objects.without_key().count() == 2
    services.request_enhancement(first)
    assert ask_again(admin_user).result == {"asked": 1} and len(open_enhancements()) == 2


def test_whoever_cancels_the_job_leaves_the_rest_as_it_is(keyless, admin_user, monkeypatch):
    monkeypatch.setattr(asking, "AT_ONCE", 1)
    left_alone(3)
    running, ask = RunningJob(claimed(asking.ask_again(by=admin_user))), asking._ask

    def ask_and_cancel(story_id) -> bool:
        control.cancel(running.job)
        return ask(story_id)

    monkeypatch.setattr(asking, "_ask", ask_and_cancel)
    with pytest.raises(Cancelled):
        asking.ask_for_all(running)
    assert len(open_enhancements()) == 1 and Story.objects.without_key().count() == 2


def test_the_list_of_stories_says_how_many_and_leads_to_a_page_that_asks_first(keyless, admin_client):
    enhanced(make_story())
    Job.objects.update(state=JobState.COMPLETED)
    assert "no AI key" not in text_of(admin_client.get(LIST))
    left_alone(2)
    listed = admin_client.get(LIST)
    assert "2 stories were not enhanced because no AI key was set. Ask again" in text_of(listed)
    assert f'href="{ASK}"' in listed.content.decode()
    asked = text_of(admin_client.get(ASK))
    assert "2 stories were not enhanced" in asked and "There is still no key of the house" in asked
    assert "is not known yet" in asked and "What it will cost is not known" in asked
    assert not Job.objects.filter(kind=asking.ASK_AGAIN).exists()


def test_the_page_says_how_long_it_takes_at_the_queues_limits_and_what_it_costs(keyless, settings, admin_client):
    left_alone(7)
    now = timezone.now()
    times = {"started_at": now - datetime.timedelta(seconds=90), "finished_at": now}
    done = Job.objects.create(kind=services.ENHANCE, queue="stories", state="completed", result={}, **times)
    AICall.objects.create(
        job_id=done.pk, provider="openai", model_asked="judge", outcome="ok", cost="0.50", milliseconds=1
    )
    Queue.objects.update_or_create(name="stories", defaults={"concurrency": 3})
    settings.AI_MODEL, settings.OPENAI_API_KEY = "openai/judge", KEY
    asked = text_of(admin_client.get(ASK))
    assert "all are done in about 4 minutes" in asked  # three rounds of 90 seconds
    assert "It will cost about $3.50" in asked and "still no key" not in asked
    control.pause("stories", by="ada", reason="")
    assert "is not known yet: their queue is paused" in text_of(admin_client.get(ASK))


def test_saying_yes_asks_for_one_job_however_often(keyless, admin_client, admin_user):
    left_alone(2)
    for _ in range(2):
        answer = admin_client.post(ASK)
        job = Job.objects.get(kind=asking.ASK_AGAIN)
        assert answer.status_code == 302 and answer.url == f"/admin/queues/job/{job.pk}/change/"
    assert (job.owner, job.state) == (admin_user, "waiting")
    assert set(LogEntry.objects.values_list("object_id", flat=True)) == {str(job.pk)}
    assert not open_enhancements()  # the job does it


def test_who_may_not_change_stories_is_told_nothing_and_asks_for_nothing(keyless, client, django_user_model):
    left_alone(1)
    viewer = django_user_model.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_story"))
    client.force_login(viewer)
    assert "no AI key" not in text_of(client.get(LIST))
    assert [client.get(ASK).status_code, client.post(ASK).status_code] == [403, 403]
    assert "no AI key" not in text_of(client.get("/admin/"))
    assert not Job.objects.filter(kind=asking.ASK_AGAIN).exists()


def test_the_desk_tells_of_them_as_soon_as_asking_is_of_use(keyless, settings, admin_client):
    left_alone(2)
    assert "no AI key" not in text_of(admin_client.get("/admin/"))
    settings.AI_MODEL, settings.OPENAI_API_KEY = "openai/judge", KEY
    desk = admin_client.get("/admin/")
    assert "Stories that were not enhanced because no AI key was set: 2. Ask again." in text_of(desk)
    assert f'<a href="{ASK}">' in desk.content.decode()


def test_the_list_asks_the_same_however_many_there_are(keyless, admin_client):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            admin_client.get(LIST)
        return len(captured)

    left_alone(1)
    one = count()
    left_alone(9)
    assert count() == one
