"""The monitor and the desk, their parts that change, and who gets them."""

import re
from uuid import UUID

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import Permission

from orders.models import Order
from queues import clock, control, topics
from queues.hours import beginning_of_hour
from queues.models import Job, QueueHour
from queues.services import enqueue
from tests.factories import running_job
from tests.orders.builders import make_paid_order
from tests.queues.ended import HOUR, dead_letter, ended_job

pytestmark = pytest.mark.django_db
ONE_QUEUE = "/admin/queues/queue/blog/change/"
PAGES = {"desk": "/admin/", "queues": "/admin/queues/queue/", "queues/blog": ONE_QUEUE}
STREAMS = {"desk": "stream", "queues": "stream", "queues/blog": "queues/blog/stream"}


def region(page: str) -> str:
    """What of a whole page is inside its marked part."""
    return page.partition(" data-now=")[2].partition(">\n")[2].strip()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_what_its_part_answers_and_asks_that_address(admin_client, name):
    enqueue("engine.write", args={"name": "a"}, run_at=clock.now() + HOUR)
    page = admin_client.get(PAGES[name]).content.decode()
    assert f'data-now="/admin/now/{name}" data-stream="/admin/now/{STREAMS[name]}"' in page.replace("/?", "")
    answer = admin_client.get(f"/admin/now/{name}")
    assert region(page).startswith(answer.content.decode().strip())
    assert re.fullmatch(r"\d+ \w{3} \d\d:\d\d:\d\d UTC", answer.headers["As-Of"])
    assert "no-store" in answer.headers["Cache-Control"]
    assert not re.search("<(input|select|textarea|button|form)|csrfmiddlewaretoken", answer.content.decode())


@pytest.mark.parametrize("name", PAGES)
def test_a_part_is_sent_again_only_when_it_has_changed(admin_client, name):
    first = admin_client.get(f"/admin/now/{name}")
    known = {"If-None-Match": first.headers["ETag"]}
    again = admin_client.get(f"/admin/now/{name}", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["As-Of"]
    control.pause("blog", by="ada", reason="<quiet>")
    changed = admin_client.get(f"/admin/now/{name}", headers=known)
    assert changed.status_code == 200
    assert "The queue blog is paused by ada: &lt;quiet&gt;" in changed.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_what_desk_js_finds_again_by_its_id_is_there_once(admin_client, name):
    for queue in ("blog", "mail"):
        control.pause(queue, by="ada", reason="")
    found = re.findall(r' id="([^"]+)"', admin_client.get(f"/admin/now/{name}").content.decode())
    assert {"to-see-to-worker", "to-see-to-dispatcher", "to-see-to-queue-blog"} <= set(found)
    assert len(found) == len(set(found))


@pytest.mark.parametrize("name", [*PAGES, "stream", "queues/blog/stream"])
def test_who_is_logged_out_gets_no_login_page(client, name):
    answer = client.get(f"/admin/now/{name}")
    assert (answer.status_code, answer.content) == (401, b"")


def test_who_may_not_see_queues_gets_neither_their_part_nor_their_stream(client, django_user_model):
    user = django_user_model.objects.create_user("new", is_staff=True)
    client.force_login(user)
    for name in ("queues", "stream", "queues/blog", "queues/blog/stream"):
        answer = client.get(f"/admin/now/{name}")
        assert (answer.status_code, answer.content) == (403, b"")
    assert "data-stream" not in client.get("/admin/").content.decode()
    assert "figures" not in client.get("/admin/now/desk").content.decode()
    user.user_permissions.add(Permission.objects.get(codename="view_queue"))
    assert client.get("/admin/now/queues").status_code == 200
    assert ">Pause<" not in client.get("/admin/now/queues").content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_a_part_can_only_be_read(admin_client, name):
    assert admin_client.post(f"/admin/now/{name}").status_code == 405


def test_the_stream_is_that_of_all_lines(admin_client):
    answer = admin_client.get("/admin/now/stream")
    assert answer.status_code == 307
    address = answer.headers["Location"].removeprefix(configured.LIVE_URL)
    assert topics.opened_by(address) == [topics.of_queue(name) for name in configured.QUEUES]
    answer = admin_client.get("/admin/now/queues/blog/stream")
    assert topics.opened_by(answer.headers["Location"].removeprefix(configured.LIVE_URL)) == [topics.of_queue("blog")]


@pytest.mark.parametrize("name", ["queues/nothing", "queues/nothing/stream", f"jobs/{UUID(int=1)}", "jobs/1"])
def test_of_what_is_not_there_is_no_part(admin_client, name):
    assert admin_client.get(f"/admin/now/{name}").status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_a_part_costs_the_same_queries_at_1_and_50_rows_and_no_more_than_the_page(
    admin_client, name, django_assert_max_num_queries
):
    def cost(address: str) -> int:
        with django_assert_max_num_queries(40) as asked:
            admin_client.get(address)
        return len(asked)

    costs = []
    for count in (1, 49):
        for number in range(count):
            enqueue("engine.write", args={"name": str(number)})
            running_job("engine.write", {"name": "r"})
            ended_job(hours_ago=number % 20, queue="blog")
            dead_letter(cause=str(number), queue="blog")
            order = make_paid_order()
            Order.objects.filter(pk=order.pk).update(needs_attention=True)
        costs.append((cost(PAGES[name]), cost(f"/admin/now/{name}")))
    assert costs[0] == costs[1]
    assert all(part <= page for page, part in costs)


def test_the_monitor_lists_what_runs_and_what_failed_for_good(admin_client):
    running = running_job("engine.write", {"name": "r"}).job
    shown = {"progress": 2, "total": 7, "subject_label": "<Ada's>"}
    Job.objects.filter(pk=running.pk).update(started_at=clock.now() - HOUR, **shown)
    dead_letter("<busy>", hours_ago=5, kind="engine.limited")
    newest = dead_letter("<busy>", kind="engine.limited")
    dead_letter("long ago", hours_ago=30)
    part = admin_client.get("/admin/now/queues").content.decode()
    line = part.partition(f'<li id="job-{running.pk}">')[2].partition("</li>")[0]
    assert f'<a href="/admin/queues/job/{running.pk}/change/">&lt;Ada&#x27;s&gt;</a>' in line
    assert "<span>default, 1 h 0 min, 2 of 7 parts</span>" in line
    assert f'<a href="/admin/queues/job/{newest.pk}/change/">&lt;busy&gt;</a> <span>2 of engine.limited, last' in part
    assert "long ago" not in part


def test_the_monitor_lists_no_more_than_can_be_read(admin_client, monkeypatch):
    monkeypatch.setattr("config.monitor.page.MOST_LISTED", 2)
    first, second, third = (running_job("engine.write", {"name": name}).job for name in "abc")
    for cause in ("one", "two", "three"):
        dead_letter(cause)
    part = admin_client.get("/admin/now/queues").content.decode()
    assert f"job-{first.pk}" in part and f"job-{second.pk}" in part and f"job-{third.pk}" not in part
    assert (">three<" in part, ">two<" in part, ">one<" in part) == (True, True, False)


def test_who_may_see_queues_but_no_jobs_gets_no_list_of_them(client, django_user_model):
    user = django_user_model.objects.create_user("new", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_queue"))
    client.force_login(user)
    running_job("engine.write", {"name": "r"})
    part = client.get("/admin/now/queues").content.decode()
    assert 'id="result_list"' in part and "Running now" not in part


def test_the_monitor_has_pictures_of_jobs_and_cost_and_small_ones_of_run_times(admin_client):
    hour = beginning_of_hour(clock.now()) - HOUR
    numbers = {"started": 7, "completed": 5, "failed": 2, "cancelled": 0, "run_p50": 4, "run_p95": 8, "cost": "0.5"}
    for queue in ("blog", "mail"):
        QueueHour.objects.create(queue=queue, hour=hour, **numbers)
    page = admin_client.get("/admin/queues/queue/").content.decode()
    assert 'aria-label="Jobs that ended, hour by hour. 10 jobs completed and 4 failed in the last 24 hours."' in page
    assert "Models cost $1.00 in the last 24 hours." in page and "Run time" not in page
    assert page.count('class="small-picture"') == 2
    assert "style=" not in region(page)
    assert f'<tr><th scope="row">{hour:%-d %b %H:%M}</th><td>10</td><td>4</td><td>$1.00</td></tr>' in page


def test_a_queues_row_has_the_run_times_of_its_newest_hour_counted_or_not(admin_client):
    hour, ended = beginning_of_hour(clock.now()), {"started": 1, "completed": 1, "failed": 0, "cancelled": 0}
    for ago, seconds in ((2, 4), (1, None)):  # in the last whole hour nothing ran
        QueueHour.objects.create(queue="blog", hour=hour - ago * HOUR, run_p50=seconds, run_p95=9, **ended)
    ended_job(queue="mail", started_at=clock.now() - HOUR)
    page = admin_client.get("/admin/queues/queue/").content.decode()
    assert "<td>4.0 s, 9.0 s" in page and "<td>1 h 0 min, 1 h 0 min" in page


def test_a_queues_page_has_its_times_too_and_a_table_of_them(admin_client):
    hour = beginning_of_hour(clock.now()) - HOUR
    numbers = {"run_p50": 4, "run_p95": 80, "wait_p50": 0.02, "wait_p95": 1, "cost": "0.5"}
    QueueHour.objects.create(queue="blog", hour=hour, started=7, completed=5, failed=2, cancelled=0, **numbers)
    QueueHour.objects.create(queue="mail", hour=hour, started=9, completed=9, failed=0, cancelled=0)
    page = admin_client.get("/admin/queues/queue/blog/change/").content.decode()
    assert "5 jobs completed and 2 failed in the last 24 hours." in page
    assert "Median of one hour 4.0 s; 95 % within 1 min 20 s or less." in page
    assert "Wait before the start, hour by hour. Median of one hour 20 ms; 95 % within 1.0 s or less." in page
    cells = ("5", "2", "$0.50", "4.0 s", "1 min 20 s", "20 ms", "1.0 s")
    assert f"{hour:%-d %b %H:%M}</th>" + "".join(f"<td>{cell}</td>" for cell in cells) in page


def test_a_day_without_jobs_is_said_and_not_drawn(admin_client):
    for address in ("/admin/queues/queue/", "/admin/queues/queue/blog/change/"):
        page = admin_client.get(address).content.decode()
        assert "Nothing ran in the last 24 hours." in page
        assert "hour by hour." in page and 'role="img"' not in page
