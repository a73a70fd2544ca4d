import pytest
from prometheus_client.parser import text_string_to_metric_families

from queues.models import Queue
from queues.services import enqueue
from tests.factories import make_worker, running_job

pytestmark = pytest.mark.django_db
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


def scraped(client) -> dict:
    """{(name, *label values): value}."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=")
    families = text_string_to_metric_families(answer.content.decode())
    return {(item.name, *item.labels.values()): item.value for family in families for item in family.samples}


def test_a_scrape_says_what_the_ledger_says(client):
    make_worker(slots=50, name="one")
    enqueue("engine.write", args={"name": "a"})
    running_job("engine.limited", {"name": "b"})
    numbers = scraped(client)
    assert numbers["copydesk_jobs", "default", "waiting"] == 1
    assert numbers["copydesk_jobs", "commentary", "active"] == 1
    assert numbers["copydesk_jobs", "blog", "failed"] == 0
    assert numbers["copydesk_oldest_waiting_seconds", "default"] >= 0
    assert (numbers["copydesk_rate_used", "commentary"], numbers["copydesk_rate_limit", "commentary"]) == (1, 10)
    assert ("copydesk_rate_limit", "default") not in numbers
    assert numbers["copydesk_queue_paused", "default"] == 0
    assert (numbers["copydesk_workers",], numbers["copydesk_worker_slots", "one"]) == (1, 50)


def test_nothing_is_kept_between_scrapes(client):
    worker = make_worker(name="one")
    worker.busy, worker.rss = 3, 100_000_000
    worker.save()
    numbers = scraped(client)
    assert (numbers["copydesk_worker_busy_slots", "one"], numbers["copydesk_worker_resident_bytes", "one"]) == (3, 1e8)
    worker.delete()
    Queue.objects.update_or_create(pk="default", defaults={"paused": True})
    numbers = scraped(client)
    assert ("copydesk_worker_slots", "one") not in numbers
    assert (numbers["copydesk_workers",], numbers["copydesk_queue_paused", "default"]) == (0, 1)


def test_a_stopping_worker_is_shown_but_takes_no_jobs(client):
    worker = make_worker(name="one")
    worker.stopping = True
    worker.save()
    numbers = scraped(client)
    assert (numbers["copydesk_workers",], numbers["copydesk_worker_slots", "one"]) == (0, 100)


@pytest.mark.parametrize("count", [1, 50])
def test_a_scrape_costs_the_same_queries_for_any_number(client, count, django_assert_max_num_queries):
    for number in range(count):
        enqueue("engine.write", args={"name": str(number)})
    with django_assert_max_num_queries(6):
        client.get("/metrics")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
def test_this_machine_may_look(client, address):
    assert client.get("/metrics/", REMOTE_ADDR=address).status_code == 200


@pytest.mark.parametrize(
    "asker",
    [
        ELSEWHERE,
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "unix"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=203.0.113.9"},
        ELSEWHERE | {"HTTP_AUTHORIZATION": "Bearer "},
    ],
)
def test_others_may_not(client, asker):
    answer = client.get("/metrics", **asker)
    assert answer.status_code == 403
    assert b"copydesk_" not in answer.content


def test_behind_a_proxy_everybody_looks_local_so_nobody_is(client, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert client.get("/metrics").status_code == 403


@pytest.mark.parametrize(
    ("given", "status"),
    [("Bearer s3cret", 200), ("Bearer wrong", 403), ("Bearer ", 403), ("s3cret", 403), ("Bearer s3cret\xe9", 403)],
)
def test_the_token_opens_from_anywhere(client, settings, given, status):
    settings.METRICS_TOKEN = "s3cret"
    assert client.get("/metrics", HTTP_AUTHORIZATION=given, **ELSEWHERE).status_code == status


def test_only_reading_is_allowed(client):
    assert client.post("/metrics").status_code == 405
