"""Dead letters in the admin and over the API."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from rest_framework.test import APIClient

from queues import dead_letters
from queues.models import Job
from queues.states import JobState
from tests.queues.ended import dead_letter

pytestmark = pytest.mark.django_db
LIST, CONFIRM = "/admin/queues/job/dead-letters/", "/admin/queues/job/dead-letters/retry/"
ONE = {"count": 1, "estimatedSeconds": None, "estimatedCost": None, "jobId": None}
BUSY = {"kind": "engine.write", "errorKind": "rate_limit", "cause": "busy"}


def states() -> set[str]:
    return set(Job.objects.values_list("state", flat=True))


def with_rights(user_model, client, *rights: str):
    user = user_model.objects.create_user("staff", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=rights))
    client.force_login(user)
    return client


def api(user_model, **rights) -> APIClient:
    client = APIClient()
    client.force_authenticate(user_model.objects.create(username="ops", **rights))
    return client


def test_the_list_shows_each_cause_once_with_its_newest_job(admin_client):
    dead_letter()
    newest = dead_letter()
    page = admin_client.get(LIST).content.decode()
    assert page.count("rate_limit: ") == 1
    assert f"/admin/queues/job/{newest.pk}/change/" in page
    assert "Retry all 2" in page
    assert LIST in admin_client.get("/admin/queues/job/").content.decode()


def test_the_list_escapes_what_a_provider_said(admin_client):
    dead_letter("<script>alert(1)</script>")
    page = admin_client.get(LIST).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_an_empty_list_says_so(admin_client):
    assert "No dead letters." in admin_client.get(LIST).content.decode()


def test_looking_at_the_preview_changes_nothing(admin_client):
    dead_letter()
    page = admin_client.get(CONFIRM, BUSY).content.decode()
    assert "1 job of engine.write failed with rate_limit: busy" in page
    assert "none of this kind has been completed yet" in page
    assert states() == {JobState.FAILED}


def test_confirming_retries_and_says_how_many(admin_client):
    dead_letter()
    dead_letter()
    page = admin_client.post(CONFIRM, BUSY, follow=True).content.decode()
    assert "2 jobs put back in line." in page
    assert states() == {JobState.WAITING}
    assert LogEntry.objects.get().user.username == "admin"


def test_a_group_that_somebody_else_retried_is_no_error(admin_client):
    assert "has this cause any more" in admin_client.get(CONFIRM, BUSY).content.decode()
    assert "0 jobs put back in line." in admin_client.post(CONFIRM, BUSY, follow=True).content.decode()
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("asked", "status"),
    [({}, 404), ({"kind": "x"}, 404), (BUSY | {"cause": "nul\0"}, 400), (BUSY | {"kind": "x" * 101}, 404)],
)
def test_what_cannot_be_a_group_is_not_found(admin_client, asked, status):
    dead_letter()
    assert admin_client.get(CONFIRM, asked).status_code == status
    assert admin_client.post(CONFIRM, asked).status_code == 404
    assert states() == {JobState.FAILED}


def test_who_may_only_look_can_neither_see_the_button_nor_retry(client, django_user_model):
    dead_letter()
    viewer = with_rights(django_user_model, client, "view_job")
    assert "Retry all" not in viewer.get(LIST).content.decode()
    assert viewer.get(CONFIRM, BUSY).status_code == 403
    assert viewer.post(CONFIRM, BUSY).status_code == 403
    assert states() == {JobState.FAILED} and not LogEntry.objects.exists()


def test_who_may_not_look_does_not(client, django_user_model):
    assert with_rights(django_user_model, client).get(LIST).status_code == 403


def test_a_stranger_is_asked_to_log_in(client):
    assert client.get(LIST).status_code == 302
    assert client.post(CONFIRM, BUSY).status_code == 302


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_api_lists_groups_for_staff(django_user_model, slash):
    job = dead_letter()
    (group,) = api(django_user_model, is_staff=True).get(f"/api/jobs/dead-letters{slash}").json()["results"]
    assert {name: group[name] for name in (*BUSY, "count", "sampleJobId")} == BUSY | {
        "count": 1,
        "sampleJobId": str(job.pk),
    }
    assert group["first"].endswith("Z") and group["first"] == group["last"]


def test_the_api_filters_by_kind(django_user_model):
    dead_letter()
    staff = api(django_user_model, is_staff=True)
    assert staff.get("/api/jobs/dead-letters?kind=orders.send_mail").json()["results"] == []
    assert staff.get("/api/jobs/dead-letters?kind=a%00b").json()["errors"][0]["pointer"] == "/kind"


def test_a_preview_over_the_api_changes_nothing(django_user_model):
    dead_letter()
    answer = api(django_user_model, is_staff=True).post(
        "/api/jobs/dead-letters/retry", BUSY | {"preview": True}, format="json"
    )
    assert answer.json() == ONE | {"retried": 0}
    assert states() == {JobState.FAILED} and not LogEntry.objects.exists()


def test_a_retry_over_the_api_retries_and_is_noted(django_user_model):
    dead_letter()
    staff = api(django_user_model, is_staff=True)
    answer = staff.post("/api/jobs/dead-letters/retry", BUSY | {"preview": False}, format="json")
    assert answer.json() == ONE | {"retried": 1}
    assert states() == {JobState.WAITING}
    assert LogEntry.objects.get().user.username == "ops"
    assert staff.post("/api/jobs/dead-letters/retry", BUSY | {"preview": False}, format="json").status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (BUSY, "/preview"),
        ({"preview": True}, "/kind"),
        (BUSY | {"preview": "perhaps"}, "/preview"),
        (BUSY | {"preview": False, "cause": "a\0b"}, "/cause"),
        (BUSY | {"preview": False, "errorKind": ["rate_limit"]}, "/errorKind"),
    ],
)
def test_a_wrong_request_names_the_field_and_retries_nothing(django_user_model, body, field):
    dead_letter()
    answer = api(django_user_model, is_staff=True).post("/api/jobs/dead-letters/retry", body, format="json")
    assert answer.status_code == 400
    assert field in {error["pointer"] for error in answer.json()["errors"]}
    assert states() == {JobState.FAILED}


def test_clients_have_no_business_here(django_user_model):
    dead_letter()
    client = api(django_user_model)
    assert client.get("/api/jobs/dead-letters").status_code == 403
    assert client.post("/api/jobs/dead-letters/retry", BUSY | {"preview": False}, format="json").status_code == 403
    assert states() == {JobState.FAILED}


def test_a_large_group_is_retried_by_a_job_that_the_page_shows(admin_client, monkeypatch):
    monkeypatch.setattr(dead_letters, "AT_ONCE", 1)
    dead_letter(), dead_letter()
    assert "put back by a job of its own" in admin_client.get(CONFIRM, BUSY).content.decode()
    answer = admin_client.post(CONFIRM, BUSY)
    job = Job.objects.get(kind="queues.retry_dead_letters")
    assert answer["Location"] == f"/admin/queues/job/{job.pk}/change/"
    assert Job.objects.filter(state=JobState.FAILED).count() == 2


def test_a_large_group_is_accepted_over_the_api_and_a_second_wish_is_the_same_job(django_user_model, monkeypatch):
    monkeypatch.setattr(dead_letters, "AT_ONCE", 1)
    dead_letter(), dead_letter()
    staff = api(django_user_model, is_staff=True)
    first, second = (
        staff.post("/api/jobs/dead-letters/retry", BUSY | {"preview": False}, format="json") for _ in range(2)
    )
    assert (first.status_code, first.json()["retried"]) == (202, 0)
    job = Job.objects.get(kind="queues.retry_dead_letters")
    assert first.json()["jobId"] == second.json()["jobId"] == str(job.pk)
    assert job.owner.username == "ops"
