"""The part of a job's page that changes, who gets it, and the stream that says when to look."""

import re

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission

from queues import clock, topics
from queues.models import Job
from queues.services import enqueue
from tests.config.monitor.test_views import region
from tests.factories import running_job
from tests.queues.ended import HOUR, dead_letter, ended_job

pytestmark = pytest.mark.django_db
CONTROLS = re.compile("<(input|select|textarea|button|form)|csrfmiddlewaretoken")


def part_of(client, job: Job) -> str:
    return client.get(f"/admin/now/jobs/{job.pk}").content.decode()


def marks(part: str) -> str:
    """What the part says to desk.js."""
    return part.partition('<div class="now orders" ')[2].partition(">")[0]


def heard(answer) -> list[str]:
    return topics.opened_by(answer.headers["Location"].removeprefix(settings.LIVE_URL))


def test_a_jobs_page_holds_what_its_part_answers_and_no_form_stands_in_it(admin_client):
    job = dead_letter("<busy>", hours_ago=1)
    page = admin_client.get(f"/admin/queues/job/{job.pk}/change/").content.decode()
    now = f"/admin/now/jobs/{job.pk}"
    assert f'data-now="{now}" data-stream="{now}/stream"' in page.replace("/?", "")
    answer = admin_client.get(now)
    part = answer.content.decode()
    assert region(page).startswith(part.strip()) and "&lt;busy&gt;" in part
    assert not CONTROLS.search(part) and "style=" not in part
    assert "no-store" in answer.headers["Cache-Control"] and answer.headers["As-Of"]
    assert page.index('value="retry"') < page.index("data-now=")
    found = re.findall(r' id="([^"]+)"', part)
    assert len(found) == len(set(found)) > 5


def test_the_part_of_a_job_that_has_ended_is_sent_again_only_when_it_has_changed(admin_client):
    job = dead_letter("busy", hours_ago=1)
    known = {"If-None-Match": admin_client.get(f"/admin/now/jobs/{job.pk}").headers["ETag"]}
    again = admin_client.get(f"/admin/now/jobs/{job.pk}", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    job.events.create(message="Looked at")
    changed = admin_client.get(f"/admin/now/jobs/{job.pk}", headers=known)
    assert changed.status_code == 200 and "Looked at" in changed.content.decode()


def test_it_says_what_can_be_done_whether_it_moves_and_that_it_is_over(admin_client):
    waiting = enqueue("engine.write", args={"name": "a"}, run_at=clock.now() + HOUR)
    assert 'data-can="promote to_the_front to_the_back cancel"' in marks(part_of(admin_client, waiting))
    running = running_job("engine.write", {"name": "b"}).job
    Job.objects.filter(pk=running.pk).update(progress=2, total=7, stage="<outline>")
    said = marks(part_of(admin_client, running))
    assert said == 'data-words="Active. Now: &lt;outline&gt;." data-can="cancel" data-moving'
    failed = marks(part_of(admin_client, dead_letter("busy")))
    assert failed == 'data-words="Failed. busy" data-can="retry" data-done="This job has ended."'
    assert marks(part_of(admin_client, ended_job())).startswith('data-words="Completed." data-can="" data-done=')


def test_who_may_see_jobs_and_only_they_get_it_and_its_stream(client, django_user_model):
    job = enqueue("engine.write", args={"name": "a"})
    for name in (f"jobs/{job.pk}", f"jobs/{job.pk}/stream"):
        assert client.get(f"/admin/now/{name}").status_code == 401
    user = django_user_model.objects.create_user("new", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_queue"))
    client.force_login(user)
    for name in (f"jobs/{job.pk}", f"jobs/{job.pk}/stream"):
        answer = client.get(f"/admin/now/{name}")
        assert (answer.status_code, answer.content) == (403, b"")
    user.user_permissions.set([Permission.objects.get(codename="view_job", content_type__app_label="queues")])
    assert client.get(f"/admin/now/jobs/{job.pk}").status_code == 200
    assert client.get(f"/admin/now/jobs/{job.pk}/stream").status_code == 307
    assert client.post(f"/admin/now/jobs/{job.pk}").status_code == 405


def test_its_stream_is_its_own_and_until_it_starts_that_of_its_line(admin_client):
    job = enqueue("engine.write", args={"name": "a"})
    waits = heard(admin_client.get(f"/admin/now/jobs/{job.pk}/stream"))
    assert waits == [topics.of_job(job.pk), topics.of_queue(job.queue)]
    running = running_job("engine.write", {"name": "b"}).job
    assert heard(admin_client.get(f"/admin/now/jobs/{running.pk}/stream")) == [topics.of_job(running.pk)]


def test_it_costs_the_same_queries_for_any_number_and_no_more_than_the_page(
    admin_client, django_assert_max_num_queries
):
    def cost(address: str) -> int:
        with django_assert_max_num_queries(16) as asked:
            admin_client.get(address)
        return len(asked)

    job, costs = running_job("engine.write", {"name": "r"}).job, []
    for count in (1, 49):
        for _ in range(count):
            number = job.attempts.count() + 1
            job.attempts.create(number=number, queue="default", finished_at=clock.now())
            job.steps.create(name=str(number), result={})
            job.events.create(message=str(number))
            Job.objects.create(kind="engine.write", queue="default", parent=job)
        costs.append((cost(f"/admin/queues/job/{job.pk}/change/"), cost(f"/admin/now/jobs/{job.pk}")))
    assert costs[0] == costs[1]
    assert costs[0][1] <= costs[0][0]
