"""The page of a job in the admin: what it says first, and the buttons that its state allows."""

import datetime

import pytest
from django.contrib.auth.models import Permission

from config import job_page
from queues import clock
from queues.models import Job
from queues.services import enqueue

pytestmark = pytest.mark.django_db


def page_of(client, job: Job) -> str:
    return client.get(f"/admin/queues/job/{job.pk}/change/").content.decode()


def buttons(page: str) -> list[str]:
    return [part.partition('"')[0] for part in page.split('name="action" value="')[1:]]


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        ("waiting", ["to_the_front", "to_the_back", "cancel"]),
        ("delayed", ["promote", "to_the_front", "to_the_back", "cancel"]),
        ("active", ["cancel"]),
        ("failed", ["retry"]),
        ("completed", []),
        ("cancelled", []),
    ],
)
def test_the_page_offers_what_the_state_allows(admin_client, state, allowed):
    job = enqueue("engine.write", args={"name": "a"})
    Job.objects.filter(pk=job.pk).update(state=state)
    assert buttons(page_of(admin_client, job)) == allowed


def test_it_says_how_long_how_dear_and_why(admin_client):
    job, now = enqueue("engine.write", args={"name": "a"}), clock.now()
    Job.objects.filter(pk=job.pk).update(
        state="failed",
        error_message="<busy>",
        created_at=now - datetime.timedelta(seconds=500),
        started_at=now - datetime.timedelta(seconds=132),
        finished_at=now,
        attempts_started=3,
        losses=1,
    )
    page = page_of(admin_client, job)
    assert (
        '<p class="trouble">&lt;busy&gt;</p>' in page and "<dd>6 min 8 s</dd>" in page and "<dd>2 min 12 s</dd>" in page
    )
    assert "<dd>3; its worker died 1 time</dd>" in page and "<dd>$0.0000</dd>" in page
    assert "No worker listens to this queue." in page_of(admin_client, enqueue("engine.write", args={"name": "b"}))


def test_its_tries_and_what_happened_are_told_in_order_and_no_more_than_can_be_read(admin_client, monkeypatch):
    monkeypatch.setattr(job_page, "MOST_EVENTS", 3)
    job, now = enqueue("engine.write", args={"name": "a"}), clock.now()
    job.attempts.create(number=1, queue="default", started_at=now - datetime.timedelta(seconds=70), finished_at=now)
    for number in range(3):
        job.events.create(message=f"line {number}")
    page = page_of(admin_client, job)
    assert "<td>1 min 10 s</td>" in page and "Waiting in line" not in page
    assert page.index("line 0") < page.index("line 1") < page.index("line 2")
    assert "Only the last 3 lines are shown." in page


def test_its_buttons_do_what_they_say_and_lead_back_to_the_job(admin_client):
    job, other = (enqueue("engine.write", args={"name": name}) for name in "ab")
    page = page_of(admin_client, job)
    sent = {"index": "0", "_selected_action": str(job.pk), "action": "to_the_front"}
    assert f'action="/admin/queues/job/?q={job.pk}"' in page
    shown = admin_client.post(f"/admin/queues/job/?q={job.pk}", sent, follow=True).content.decode()
    assert "1 job moved to the front, 0 skipped" in shown and str(other.pk) not in shown
    assert list(Job.objects.order_by("pk").values_list("priority", flat=True)) == [1, 5]
    admin_client.post(f"/admin/queues/job/?q={job.pk}", sent | {"action": "to_the_back"})
    assert list(Job.objects.order_by("pk").values_list("priority", flat=True)) == [10, 5]


def test_who_may_only_look_gets_no_buttons(client, django_user_model):
    viewer = django_user_model.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_job", content_type__app_label="queues"))
    client.force_login(viewer)
    job = enqueue("engine.write", args={"name": "a"})
    assert buttons(page_of(client, job)) == []
    sent = {"index": "0", "_selected_action": str(job.pk), "action": "to_the_front"}
    client.post(f"/admin/queues/job/?q={job.pk}", sent)
    job.refresh_from_db()
    assert job.priority == 5
