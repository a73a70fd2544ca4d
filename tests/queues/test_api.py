import uuid
from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from aiproviders.models import AICall
from config.models import ApiToken
from queues import topics
from queues.models import Attempt, Job, JobEvent, Queue
from queues.services import enqueue
from queues.states import JobState
from tests.factories import running_job

NOBODY = uuid.UUID("e528ac5f-2025-43a5-81c2-90347482b2c8")  # no job has it

pytestmark = pytest.mark.django_db


def client_of(user) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {ApiToken.objects.issue(user=user)}")
    return client


@pytest.fixture
def ada(django_user_model):
    return django_user_model.objects.create(username="ada")


@pytest.fixture
def api(ada):
    return client_of(ada)


@pytest.fixture
def staff(django_user_model):
    return client_of(django_user_model.objects.create(username="ops", is_staff=True))


@pytest.fixture
def job(ada):
    return enqueue("engine.write", args={"name": "a"}, owner=ada)


def test_no_credentials_are_refused_with_a_problem(job):
    answer = APIClient().get("/api/jobs")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_client_sees_own_jobs_and_staff_all(api, staff, job):
    other = enqueue("engine.write", args={"name": "b"})
    assert [row["id"] for row in api.get("/api/jobs").json()["results"]] == [str(job.pk)]
    assert len(staff.get("/api/jobs").json()["results"]) == 2
    assert api.get(f"/api/jobs/{other.pk}").status_code == 404
    assert api.post(f"/api/jobs/{other.pk}/cancel").status_code == 404
    other.refresh_from_db()
    assert other.state == JobState.WAITING


def test_a_job_says_what_it_has_cost(api, job, settings):
    for cost in (Decimal("0.1"), Decimal("0.15"), None):
        AICall.objects.create(job_id=job.pk, provider="a", milliseconds=1, outcome="ok", cost=cost)
    Job.objects.update(attempts_started=1)
    assert api.get(f"/api/jobs/{job.pk}").json()["cost"] == 0.25
    settings.JOB_COST = ""
    assert api.get(f"/api/jobs/{job.pk}").json()["cost"] is None


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_job_says_where_it_stands(api, job, slash):
    body = api.get(f"/api/jobs/{job.pk}{slash}").json()
    assert (body["state"], body["position"], body["waitingBecause"]) == (
        "waiting",
        1,
        "No worker listens to this queue.",
    )
    assert "args" not in body


def test_events_come_in_order_and_after_an_id(api, ada):
    running = running_job("engine.write", {"name": "a"}, owner=ada)
    running.log("One.")
    events = api.get(f"/api/jobs/{running.id}/events").json()["results"]
    assert [event["message"] for event in events] == ["Waiting in line", "Started, attempt 1", "One."]
    later = api.get(f"/api/jobs/{running.id}/events?after={events[1]['id']}").json()["results"]
    assert [event["message"] for event in later] == ["One."]


def test_a_job_leads_to_its_stream_and_only_its_own_client_to_it(api, staff, job, settings):
    settings.LIVE_URL = "https://live.example"
    for client in (api, staff):
        answer = client.get(f"/api/jobs/{job.pk}/stream")
        assert (answer.status_code, answer["Cache-Control"]) == (307, "no-store")
        assert answer["Location"].startswith("https://live.example/live/")
        assert topics.opened_by(answer["Location"].removeprefix(settings.LIVE_URL)) == [
            f"job:{job.pk}",
            "queue:default",
        ]
    other = enqueue("engine.write", args={"name": "b"})
    for path in (f"{other.pk}/stream", f"{NOBODY}/stream"):
        refused = api.get(f"/api/jobs/{path}")
        assert refused.status_code == 404 and "Location" not in refused
    assert APIClient().get(f"/api/jobs/{job.pk}/stream").status_code == 401


def test_cancel_answers_with_the_job_and_then_409(api, job):
    assert api.post(f"/api/jobs/{job.pk}/cancel").json()["state"] == "cancelled"
    again = api.post(f"/api/jobs/{job.pk}/cancel")
    assert (again.status_code, again.json()["code"], again.json()["state"]) == (409, "wrong_state", "cancelled")


def test_retry_of_a_waiting_job_is_a_conflict(api, job):
    assert api.post(f"/api/jobs/{job.pk}/retry").status_code == 409


def test_only_staff_change_the_order_of_the_line(api, staff, job):
    assert api.post(f"/api/jobs/{job.pk}/priority", {"priority": 1}, format="json").status_code == 403
    assert staff.post(f"/api/jobs/{job.pk}/priority", {"priority": 1}, format="json").json()["priority"] == 1
    assert staff.post(f"/api/jobs/{job.pk}/promote").status_code == 409


@pytest.mark.parametrize("body", [{}, {"priority": 11}, {"priority": "high"}, [1]])
def test_a_wrong_priority_names_the_field_and_changes_nothing(staff, job, body):
    answer = staff.post(f"/api/jobs/{job.pk}/priority", body, format="json")
    assert answer.status_code == 400 and answer.json()["errors"]
    job.refresh_from_db()
    assert job.priority == 5


@pytest.mark.database
@pytest.mark.parametrize("query", ["state=lost", "state=dispatched", "kind=a%00b", "queue=a%00b"])
def test_a_filter_value_that_cannot_be_is_named(api, query):
    answer = api.get(f"/api/jobs?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/" + query.split("=")[0])


def test_filters_and_limit_work_together(staff):
    for name in "abc":
        enqueue("engine.write", args={"name": name})
    enqueue("engine.limited", args={"name": "d"})
    page = staff.get("/api/jobs?queue=default&state=waiting&limit=2").json()
    assert len(page["results"]) == 2 and page["next"]


@pytest.mark.parametrize("path", ["no-uuid", str(NOBODY), f"{NOBODY}/events", "x/cancel"])
def test_unknown_jobs_are_not_found(staff, path):
    assert staff.get(f"/api/jobs/{path}").status_code in (404, 405)


def test_queues_are_for_staff(api, staff):
    assert api.get("/api/queues").status_code == 403
    assert {row["name"] for row in staff.get("/api/queues").json()["results"]} >= {"commentary", "article-generation"}


def test_pause_needs_a_reason_and_resume_ends_it(staff):
    assert staff.post("/api/queues/blog/pause", {}, format="json").json()["errors"][0]["pointer"] == "/reason"
    assert not Queue.objects.filter(paused=True).exists()
    paused = staff.post("/api/queues/blog/pause", {"reason": "provider is down"}, format="json").json()
    assert (paused["paused"], paused["pausedBy"], paused["pausedReason"]) == (True, "ops", "provider is down")
    assert staff.post("/api/queues/blog/resume").json()["paused"] is False


def test_an_unknown_queue_is_not_found_and_not_made(staff):
    assert staff.post("/api/queues/nothing/pause", {"reason": "x"}, format="json").status_code == 404
    assert not Queue.objects.filter(name="nothing").exists()


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_costs_the_same_queries_for_any_number(staff, count, django_assert_max_num_queries):
    for number in range(count):
        enqueue("engine.write", args={"name": str(number)})
    with django_assert_max_num_queries(3):
        assert len(staff.get("/api/jobs").json()["results"]) == count
    assert Job.objects.count() == count


@pytest.fixture
def restless(ada):
    """A job that was put back 120 times."""
    job = running_job("engine.write", {"name": "a"}, owner=ada).job
    own = [Attempt(job=job, queue=job.queue, number=number, outcome="snoozed") for number in range(2, 122)]
    Attempt.objects.bulk_create(own)
    JobEvent.objects.bulk_create([JobEvent(job=job, message=f"Line {number}") for number in range(120)])
    Job.objects.update(attempts_started=121)
    return job


def test_a_job_shows_its_newest_attempts_how_many_there_were_and_where_the_others_are(api, staff, restless):
    body = api.get(f"/api/jobs/{restless.pk}").json()
    assert [attempt["number"] for attempt in body["attempts"]] == list(range(102, 122))
    assert body["attemptsStarted"] == 121
    seen, address = [], f"/api/jobs/{restless.pk}/attempts?limit=100"
    while address:
        page = api.get(address).json()
        seen += [attempt["number"] for attempt in page["results"]]
        address = page["next"]
    assert seen == list(range(121, 0, -1))
    other = enqueue("engine.write", args={"name": "b"})
    assert api.get(f"/api/jobs/{other.pk}/attempts").status_code == 404
    assert staff.get(f"/api/jobs/{other.pk}/attempts/").json()["results"] == []


def test_the_page_of_a_job_in_the_admin_shows_the_newest_lines_only(admin_client, restless):
    page = admin_client.get(f"/admin/queues/job/{restless.pk}/change/").content.decode()
    assert page.count('"said">Line ') == 100 and '"said">Line 19<' not in page and '"said">Line 119<' in page
    assert page.count("<td>Snoozed<") == 100
