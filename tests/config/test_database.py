import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from config.api import problems
from config.database import is_refused_question, is_refused_value, replace_broken_connections
from content.articles.models import UnwantedPhrase
from tests.processes import wait_until

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
KEPT = 4


def works(kept) -> bool:
    try:
        return kept.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def of_all_kept(pool, look) -> list:
    taken = [pool.getconn(timeout=5) for _ in range(KEPT)]
    try:
        return [look(kept) for kept in taken]
    finally:
        for kept in taken:
            pool.putconn(kept)


def test_a_restart_of_the_database_costs_one_request_and_not_one_per_kept_connection():
    if connection.vendor != "postgresql":
        replace_broken_connections()  # has nothing to do
        return
    pool = connection.pool
    pids = of_all_kept(pool, lambda kept: kept.info.backend_pid)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) AS pid", [pids])
    replace_broken_connections()
    wait_until(lambda: not set(pids) & set(of_all_kept(pool, lambda kept: kept.info.backend_pid)))
    assert all(of_all_kept(pool, works))


def test_a_connection_to_a_machine_that_vanished_is_given_up():
    if connection.vendor != "postgresql":
        pytest.skip("a file does not vanish")
    with connection.cursor():
        given = connection.connection.info.get_parameters()
    idle, interval, count = (int(given[f"keepalives_{name}"]) for name in ("idle", "interval", "count"))
    assert int(given["tcp_user_timeout"]) / 1000 == idle + interval * count == 25


def test_a_value_that_is_too_large_is_refused_and_no_absence():
    large = {"postgresql": "SELECT lpad('', 2000000000)", "sqlite": "SELECT zeroblob(2000000000)"}[connection.vendor]
    with pytest.raises(DatabaseError) as caught, connection.cursor() as cursor:
        cursor.execute(large)
    assert is_refused_value(caught.value) and is_refused_question(caught.value)
    assert problems.handle(caught.value, {}).status_code == 400


def test_two_that_wait_for_each_other_are_told_apart_from_an_absence():
    if connection.vendor != "postgresql":
        pytest.skip("here one waits for the other to end")
    rows = [UnwantedPhrase.objects.create(words=words).pk for words in ("one", "two")]
    met = Barrier(2)

    def lock(*keys):
        with transaction.atomic():
            for key in keys:
                list(UnwantedPhrase.objects.select_for_update().filter(pk=key))
                if key == keys[0]:
                    met.wait(30)

    def answered(keys):
        try:
            lock(*keys)
        except OperationalError as error:
            return problems.handle(error, {})
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        (answer,) = filter(None, threads.map(answered, (rows, rows[::-1])))
    assert (answer.status_code, json.loads(answer.content)["code"], answer["Retry-After"]) == (503, "deadlock", "1")


def test_an_absence_is_no_refusal():
    gone = OperationalError("gone")
    gone.__cause__ = psycopg.errors.AdminShutdown("gone")
    assert not is_refused_value(gone) and not is_refused_question(gone)
