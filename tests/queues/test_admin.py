import re

import pytest
from django.contrib.auth.models import Permission

from queues import control
from queues.models import Job, Queue
from queues.services import enqueue
from queues.states import JobState

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(client, django_user_model):
    user = django_user_model.objects.create_user("viewer", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_job"))
    client.force_login(user)
    return client


def act(client, action: str, *jobs: Job, **more: str):
    data = {"action": action, "_selected_action": [str(job.pk) for job in jobs]}
    return client.post("/admin/queues/job/", data | more, follow=True)


@pytest.mark.parametrize("page", ["job", "queue", "worker"])
def test_lists_open(admin_client, page):
    enqueue("engine.write", args={"name": "a"})
    assert admin_client.get(f"/admin/queues/{page}/").status_code == 200


def test_a_job_page_shows_its_history_and_offers_no_editing(admin_client):
    job = enqueue("engine.write", args={"name": "a"})
    page = admin_client.get(f"/admin/queues/job/{job.pk}/change/").content.decode()
    assert "Waiting in line" in page
    assert 'name="_save"' not in page


@pytest.mark.parametrize(
    ("name", "before", "after", "words"),
    [
        ("cancel", JobState.WAITING, JobState.CANCELLED, "cancelled or asked to stop"),
        ("retry", JobState.FAILED, JobState.WAITING, "put back in line"),
    ],
)
def test_what_cannot_be_undone_is_asked_first_for_several_jobs(admin_client, name, before, after, words):
    jobs = [enqueue("engine.write", args={"name": name}) for name in "ab"]
    Job.objects.update(state=before)
    page = act(admin_client, name, *jobs)
    assert "2 of engine.write" in page.content.decode()
    assert set(Job.objects.values_list("state", flat=True)) == {before}
    form = re.findall(
        r'<input type="hidden" name="(\w+)" value="([^"]+)"', page.content.decode().rpartition("<form")[2]
    )
    sent = {key: [value for name, value in form if name == key] for key, _ in form}
    page = admin_client.post("/admin/queues/job/", sent, follow=True).content.decode()
    assert f"2 jobs {words}, 0 skipped" in page
    assert set(Job.objects.values_list("state", flat=True)) == {after}


def test_one_job_is_cancelled_at_once(admin_client):
    job = enqueue("engine.write", args={"name": "a"})
    assert "1 job cancelled or asked to stop, 0 skipped" in act(admin_client, "cancel", job).content.decode()


@pytest.mark.parametrize(("name", "priority"), [("to_the_front", 1), ("to_the_back", 10)])
def test_a_move_can_be_undone_and_is_not_asked(admin_client, name, priority):
    jobs = [enqueue("engine.write", args={"name": name}) for name in "ab"]
    act(admin_client, name, *jobs)
    assert set(Job.objects.values_list("priority", flat=True)) == {priority}


def test_more_jobs_than_a_request_can_bear_are_left_alone(admin_client, monkeypatch):
    monkeypatch.setattr("queues.admin.MOST_SELECTED", 1)
    jobs = [enqueue("engine.write", args={"name": name}) for name in "ab"]
    assert "Nothing done: that is more than 1 jobs" in act(admin_client, "cancel", *jobs).content.decode()
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.WAITING}


def test_who_may_only_look_cannot_act(viewer):
    job = enqueue("engine.write", args={"name": "a"})
    assert viewer.get("/admin/queues/job/").status_code == 200
    act(viewer, "cancel", job)
    job.refresh_from_db()
    assert job.state == JobState.WAITING


def test_a_pause_in_the_admin_names_its_author(admin_client):
    Queue.objects.get_or_create(name="blog")
    admin_client.post("/admin/queues/queue/blog/change/", {"paused": "on", "paused_reason": "quiet, please"})
    queue = Queue.objects.get(name="blog")
    assert (queue.paused, queue.paused_by, queue.paused_reason) == (True, "admin", "quiet, please")


@pytest.mark.parametrize("count", [1, 50])
def test_the_job_list_costs_the_same_queries_for_any_number(admin_client, count, django_assert_max_num_queries):
    for number in range(count):
        enqueue("engine.write", args={"name": str(number)})
    with django_assert_max_num_queries(12):
        admin_client.get("/admin/queues/job/")


def test_the_list_of_queues_is_the_monitor(admin_client, django_assert_max_num_queries):
    enqueue("engine.write", args={"name": "a"})
    control.pause("blog", by="ada", reason="<quiet>")
    with django_assert_max_num_queries(17):
        page = admin_client.get("/admin/queues/queue/").content.decode()
    assert '<a href="/admin/queues/job/?queue=default&amp;state__exact=waiting">1</a>' in page
    assert "Paused by ada: &lt;quiet&gt;" in page
    assert '/admin/queues/queue/blog/change/#id_paused">Resume<span class="visually-hidden"> blog</span>' in page
    assert "0 of 10 starts in 60 s" in page
    assert admin_client.get("/admin/queues/job/?queue=default&state__exact=waiting").status_code == 200
    assert (
        "Now in force: 2 at once; 10 starts in 60 s; 3 tries"
        in admin_client.get("/admin/queues/queue/blog/change/").content.decode()
    )


def test_a_queue_that_may_run_none_is_not_shown_as_unlimited(admin_client):
    Queue.objects.update_or_create(name="commentary", defaults={"concurrency": 0})
    assert "starts in 60 s, 0 at once" in admin_client.get("/admin/queues/queue/").content.decode()
    page = admin_client.get("/admin/queues/queue/commentary/change/").content.decode()
    assert "Now in force: 0 at once;" in page


@pytest.mark.parametrize("count", ["-1", "some"])
def test_a_retention_that_cannot_be_is_refused_at_its_field(admin_client, count):
    page = admin_client.post("/admin/queues/queue/blog/change/", {"keep_failed_count": count}).content.decode()
    assert "Please correct the error below" in page and "errorlist" in page
    assert Queue.objects.get(name="blog").keep_failed_count is None


def test_jobs_are_filtered_by_queue_and_kind_without_reading_all_of_them(admin_client, django_assert_max_num_queries):
    enqueue("engine.write", args={"name": "a"})
    enqueue("engine.limited", args={"name": "b"})
    with django_assert_max_num_queries(8) as asked:
        page = admin_client.get("/admin/queues/job/?kind=engine.write").content.decode()
    assert not [query["sql"] for query in asked.captured_queries if "DISTINCT" in query["sql"]]
    assert "1 job" in page and ">engine.limited</a>" in page and ">article-generation</a>" in page
    assert "2 jobs" in admin_client.get("/admin/queues/job/").content.decode()
    assert "0 jobs" in admin_client.get("/admin/queues/job/?kind=engine.write&queue=blog").content.decode()
