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
    """Those that can be seen; the others wait for desk.js to show them."""
    found = [part.partition(">")[0] for part in page.split('name="action" value="')[1:]]
    return [part.partition('"')[0] for part in found if not part.endswith(" hidden disabled")]


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
    assert "<dd>3; its worker died 1 time</dd>" in page and "<dd>$0.00</dd>" in page
    assert "No worker listens to this queue." in page_of(admin_client, enqueue("engine.write", args={"name": "b"}))


def test_what_was_asked_and_given_can_be_read_and_nothing_stands_there_twice(admin_client, admin_user):
    parent = enqueue("engine.write", args={"name": "parent"})
    asked = {"name": "Žižkov", "options": {"words": [400, 500]}}
    job = enqueue("engine.write", args=asked, subject=parent, owner=admin_user, dedupe_key="only-one")
    Job.objects.filter(pk=job.pk).update(
        result={"score": 1.5, "html": "<b>"}, parent=parent, finished_at=clock.now(), state="cancelled"
    )
    job.steps.create(name="outline", result={})
    page = page_of(admin_client, job)
    shown = page.partition('class="now orders"')[2]
    assert "&quot;name&quot;: &quot;Žižkov&quot;,\n  &quot;options&quot;: {\n    &quot;words&quot;: [" in shown
    assert "{\n  &quot;score&quot;: 1.5,\n  &quot;html&quot;: &quot;&lt;b&gt;&quot;\n}" in shown
    assert f'job <a href="/admin/queues/job/{parent.pk}/change/">{parent.pk}</a>' in shown
    for once in ("engine.write</dd>", ">only-one<", ">outline<", "<dt>For</dt><dd>admin</dd>", f">{parent}</a>"):
        assert shown.count(once) == 1, once
    assert 'class="readonly"' not in shown  # Django's own list of all columns
    assert "<dt>Parts</dt><dd>1</dd>" in page_of(admin_client, parent)
    Job.objects.filter(pk=job.pk).update(state="completed")
    assert ">outline<" not in page_of(admin_client, job)


def test_what_is_not_there_is_not_shown(admin_client):
    page = page_of(admin_client, enqueue("engine.write", args={}))
    assert "<dd>the house</dd>" in page and "<dt>Started</dt><dd>not yet</dd>" in page
    for name in ("About", "Part of", "Parts", "Only one open", "Taken for lost"):
        assert f"<dt>{name}</dt>" not in page
    assert page.count('<p class="quiet">None') == 2 and 'class="json"' not in page


def test_a_result_that_nobody_can_read_to_its_end_is_cut_and_says_so(admin_client, monkeypatch):
    monkeypatch.setattr(job_page, "MOST_JSON", 30)
    job = enqueue("engine.write", args={"name": "x" * 500})
    page = page_of(admin_client, job)
    assert "x" * 10 in page and "x" * 31 not in page
    assert "... cut here; the API has all 516 characters." in page


@pytest.mark.parametrize("subject_type", ["gone.thing", "queues.step", "nonsense"])
def test_a_subject_without_a_page_is_named_only(admin_client, subject_type):
    job = enqueue("engine.write", args={"name": "a"})
    Job.objects.filter(pk=job.pk).update(subject_type=subject_type, subject_id="17")
    about = page_of(admin_client, job).partition("<dt>About</dt>")[2].partition("</dd>")[0]
    assert "17" in about and "<a" not in about


@pytest.mark.parametrize("count", [1, 50])
def test_a_jobs_page_costs_the_same_queries_for_any_number(admin_client, count, django_assert_max_num_queries):
    parent, job = (enqueue("engine.write", args={"name": name}) for name in "pj")
    Job.objects.filter(pk=job.pk).update(parent=parent)
    for number in range(count):
        job.attempts.create(number=number + 1, queue="default", finished_at=clock.now())
        job.steps.create(name=str(number), result={})
        job.events.create(message=str(number))
        Job.objects.create(kind="engine.write", queue="default", parent=job)
    with django_assert_max_num_queries(16):
        page_of(admin_client, job)


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
