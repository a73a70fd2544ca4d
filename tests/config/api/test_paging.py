"""Every list: results, next, previous; what cannot be a cursor or a limit is named."""

import base64
from urllib.parse import urlencode

import pytest
from django.conf import settings as configured

from queues.models import Job
from queues.services import enqueue
from tests.config.api.clients import client_of
from tests.factories import running_job
from tests.orders.builders import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LISTS = ["/api/jobs", "/api/queues", "/api/jobs/dead-letters", "/api/v1/purchase/products", "events"]


@pytest.fixture
def staff():
    return client_of("ops", staff=True)


@pytest.fixture
def address():
    """The lists' addresses; "events" are those of a job with some."""
    job = running_job("engine.write", {"name": "a"})
    return lambda path: f"/api/jobs/{job.id}/events" if path == "events" else path


def walked(client, path: str, link: str) -> list:
    rows = []
    while path:
        page = client.get(path).json()
        rows.append(page["results"])
        path = page[link]
    return rows


def cursor(**parts: str) -> str:
    return base64.b64encode(urlencode(parts).encode()).decode()


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("limit", ["0", "-1", "101", "1e3", "ten", "", "²", "9" * 30])
def test_a_limit_that_cannot_be_is_named(staff, address, path, limit):
    answer = staff.get(address(path), {"limit": limit})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["errors"][0]["pointer"] == "/limit"


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "wrong",
    [
        "é",
        "%",
        "x",
        "AAAA=A",
        "=",
        "A" * 5000,
        cursor(p="nonsense"),
        cursor(p="\0"),
        cursor(p="1e999"),
        cursor(o="-1"),
        cursor(o="9" * 40),
        cursor(q="1"),
    ],
)
def test_a_cursor_that_is_not_ours_is_named(staff, address, path, wrong):
    answer = staff.get(address(path), {"cursor": wrong})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/cursor"


def test_a_place_far_behind_the_end_is_empty(staff):
    assert staff.get("/api/queues", {"cursor": cursor(o="9999")}).json()["results"] == []


@pytest.mark.parametrize("count", [1, 7])
def test_pages_lead_through_all_rows_and_back(staff, count):
    jobs = [str(enqueue("engine.write", args={"name": str(number)}).pk) for number in range(count)]
    pages = walked(staff, "/api/jobs?limit=3", "next")
    assert [row["id"] for page in pages for row in page] == jobs[::-1]
    last = staff.get("/api/jobs?limit=3").json()
    while last["next"]:
        last = staff.get(last["next"]).json()
    back = walked(staff, last["previous"], "previous") if last["previous"] else []
    assert [row["id"] for page in back[::-1] for row in page] + [row["id"] for row in last["results"]] == jobs[::-1]


def test_rows_that_come_meanwhile_neither_repeat_nor_hide_others(staff):
    jobs = [str(enqueue("engine.write", args={"name": str(number)}).pk) for number in range(4)]
    page = staff.get("/api/jobs?limit=2").json()
    enqueue("engine.write", args={"name": "new"})
    assert [row["id"] for row in staff.get(page["next"]).json()["results"]] == jobs[1::-1]


def test_a_list_that_is_computed_has_pages_too(staff):
    pages = walked(staff, "/api/queues?limit=3", "next")
    assert [row["name"] for page in pages for row in page] == list(configured.QUEUES)
    assert {len(page) for page in pages[:-1]} == {3}
    second = staff.get(staff.get("/api/queues?limit=3").json()["next"]).json()
    assert [row["name"] for row in staff.get(second["previous"]).json()["results"]] == list(configured.QUEUES)[:3]


def test_filters_stay_in_the_links(staff):
    for name in "abc":
        enqueue("engine.write", args={"name": name})
    assert "kind=engine.write" in staff.get("/api/jobs?kind=engine.write&limit=1").json()["next"]


@pytest.mark.parametrize("slash", ["", "/"])
def test_an_empty_list_is_a_page(client, slash):
    assert client.get(f"/api/v1/purchase/products{slash}").json() == {"results": [], "next": None, "previous": None}


@pytest.mark.parametrize("count", [1, 50])
def test_a_page_costs_the_same_queries_for_any_number(client, count, django_assert_num_queries):
    for number in range(count):
        make_product(slug=f"article-{number}")
    with django_assert_num_queries(1):
        assert len(client.get("/api/v1/purchase/products?limit=100").json()["results"]) == count


def test_a_list_of_jobs_takes_as_many_queries_on_every_page(staff, django_assert_num_queries):
    for number in range(50):
        enqueue("engine.write", args={"name": str(number)})
    for path in ("/api/jobs?limit=1", "/api/jobs?limit=50"):
        staff.get(path)
        with django_assert_num_queries(2):
            assert staff.get(path).json()["results"]
    assert Job.objects.count() == 50
