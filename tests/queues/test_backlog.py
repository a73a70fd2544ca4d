"""What is asked at every request and every look of the dispatcher reads as little behind a long line as behind none."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from queues import dispatch, spending
from queues.models import Job
from queues.services import enqueue
from tests.factories import make_worker

pytestmark = [pytest.mark.django_db, pytest.mark.database]
WAITING, FEW_BLOCKS = 20_000, 100  # of 8 kB; a look at the whole line reads more than 200
FILL = """INSERT INTO queues_job (id, priority, turn, {columns})
SELECT gen_random_uuid(), 5, n, {columns} FROM queues_job, generate_series(2, {waiting}) AS n"""


@pytest.fixture
def line(admin_user):
    """Jobs of the house, all alike but for their turns, and one of a person's ahead of them."""
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL tells how much it read")
    enqueue("engine.write", args={"name": "a"})
    columns = [field.column for field in Job._meta.concrete_fields if field.name not in ("id", "priority", "turn")]
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(columns=", ".join(columns), waiting=WAITING))
        cursor.execute("ANALYZE queues_job")
    dispatch.tick()  # the first one makes its row
    make_worker(slots=5)
    return enqueue("engine.write", args={"name": "urgent"}, priority=1, owner=admin_user)


def blocks_read(act) -> dict[str, int]:
    """How many blocks each SELECT of `act()` reads when it is asked again."""
    with CaptureQueriesContext(connection) as asked:
        act()
    read = {}
    with connection.cursor() as cursor:
        for sql in [query["sql"] for query in asked.captured_queries if query["sql"].startswith("SELECT")]:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}")
            answer = cursor.fetchone()[0]
            plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
            read[sql] = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    assert read
    return read


@pytest.mark.parametrize("of_a_person", [False, True], ids=["the house", "a person"])
def test_a_new_job_is_put_in_line(line, of_a_person):
    owner = line.owner if of_a_person else None
    read = blocks_read(lambda: enqueue("engine.write", args={"name": "b"}, owner=owner))
    assert max(read.values()) < FEW_BLOCKS, read


def test_the_dispatcher_looks_for_what_may_start(line):
    read = blocks_read(dispatch.tick)
    line.refresh_from_db()
    assert line.state == "dispatched"
    assert max(read.values()) < FEW_BLOCKS, read


def test_a_client_asks_for_the_next_in_line(line, admin_user):
    api = APIClient()
    api.force_authenticate(admin_user)
    read = blocks_read(lambda: api.get(f"/api/jobs/{line.pk}"))
    assert max(read.values()) < FEW_BLOCKS, read


def test_the_cost_of_a_kind_is_asked_for(line):
    read = blocks_read(lambda: spending.mean(line.kind))
    assert max(read.values()) < FEW_BLOCKS, read
