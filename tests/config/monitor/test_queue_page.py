"""What a queue's page shows of it now."""

import pytest
from django.contrib.auth.models import Permission

from config.monitor.queue_page import queue_now
from queues import clock, control
from queues.models import Attempt, Job, Queue
from queues.services import enqueue
from tests.factories import make_worker, running_job
from tests.queues.ended import HOUR, dead_letter, ended_job

pytestmark = pytest.mark.django_db


def figures(name: str, user) -> dict[str, str]:
    return {line.words: line.number for line in queue_now(name, user).figures}


def test_its_jobs_are_counted_and_no_others(admin_user):
    waiting = enqueue("engine.write", args={"name": "a"})
    Job.objects.filter(pk=waiting.pk).update(run_at=clock.now() - HOUR)
    enqueue("engine.write", args={"name": "b"}, run_at=clock.now() + HOUR)
    running_job("engine.write", {"name": "c"})
    dead_letter("busy")
    ended_job()
    ended_job(queue="blog")
    shown = figures("default", admin_user)
    assert shown.pop("Oldest waits").startswith("1 h 0 min")
    assert shown == {
        "Waiting": "1",
        "Active": "1",
        "Failed": "1",
        "Delayed": "1",
        "Completed in 60 minutes": "1",
    }
    now = queue_now("default", admin_user)
    assert now.is_moving and now.words.endswith("Dead letters: 1.")
    assert not queue_now("mail", admin_user).is_moving


def test_what_of_its_limit_is_used_up_is_told(admin_client, admin_user):
    job = ended_job(queue="blog", hours_ago=1)
    Attempt.objects.filter(job=job).update(started_at=clock.now())
    assert queue_now("blog", admin_user).rate_used == 1
    assert "Of the starts 1 is used up." in admin_client.get("/admin/now/queues/blog").content.decode()
    assert "used up" not in admin_client.get("/admin/now/queues/default").content.decode()


def test_what_is_in_force_is_what_is_stored(admin_client):
    Queue.objects.filter(pk="blog").update(concurrency=7, timeout=0)
    part = admin_client.get("/admin/now/queues/blog").content.decode()
    assert "Now in force: 7 at once; 10 starts in 60 s; 3 tries; no time limit for a try." in part
    refused = admin_client.post("/admin/queues/queue/blog/change/", {"concurrency": "9", "max_attempts": "many"})
    page = refused.content.decode()
    assert "Now in force: 7 at once" in page and 'value="9"' in page
    assert "desk.js" not in page and "data-now-line" not in page


def test_a_pause_leads_to_its_field_and_what_is_missing_to_the_workers(admin_user):
    control.pause("blog", by="ada", reason="dear")
    control.pause("mail", by="ada", reason="")
    paths = {line.name: line.path for line in queue_now("blog", admin_user).troubles}
    assert paths["queue-blog"] == "#id_paused" and paths["worker"] == "/admin/queues/worker/"
    assert "queue-mail" not in paths
    make_worker()
    assert "worker" not in {line.name for line in queue_now("blog", admin_user).troubles}


def test_counts_lead_to_jobs_for_who_may_see_these(client, admin_user, django_user_model):
    paths = {line.words: line.path for line in queue_now("blog", admin_user).figures}
    assert paths["Failed"] == "/admin/queues/job/?queue=blog&state__exact=failed"
    viewer = django_user_model.objects.create_user("new", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_queue"))
    assert {line.path for line in queue_now("blog", viewer).figures} == {""}
    client.force_login(viewer)
    control.pause("blog", by="ada", reason="")
    page = client.get("/admin/queues/queue/blog/change/").content.decode()
    assert "<strong>0</strong> Failed" in page and "#id_paused" not in page


def test_of_a_queue_that_the_settings_name_no_more_its_past_is_left(admin_client, admin_user):
    Queue.objects.create(name="old")
    ended_job(queue="old")
    page = admin_client.get("/admin/queues/queue/old/change/").content.decode()
    assert "The settings name no queue old any more" in page and "1 jobs completed and 0 failed" in page
    assert queue_now("old", admin_user).figures == []
    assert admin_client.get("/admin/now/queues/old").status_code == 200
