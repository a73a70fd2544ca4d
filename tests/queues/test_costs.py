"""What the engine may ask of the database: statements are counted, nothing is timed."""

import pytest
from django.conf import settings

from queues import bell
from queues.attempts import claim
from queues.dispatch import tick
from queues.services import enqueue
from queues.stats import why_waiting
from tests.factories import dispatched, make_worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def ask(count: int) -> list:
    return [enqueue("engine.write", args={"name": str(number)}) for number in range(count)]


@pytest.fixture
def dispatcher():
    """Ticks twice: the first makes the dispatcher's row, the second does what is due once a second."""
    make_worker()
    tick()
    tick()


def test_a_look_at_empty_lines_costs_less_than_one_statement_per_queue(dispatcher, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        tick()
    assert len(settings.QUEUES) > 8


def test_a_look_costs_the_same_for_one_job_and_for_fifty(dispatcher, django_assert_max_num_queries):
    for count in (1, 50):
        ask(count)
        with django_assert_max_num_queries(16):
            tick()


def test_a_claim_takes_four_statements_and_its_transaction(django_assert_max_num_queries):
    attempt = dispatched(ask(1)[0])
    with django_assert_max_num_queries(6):
        assert claim(str(attempt.pk), "test")


def test_a_claim_rings_no_bell(monkeypatch):
    attempt, rings = dispatched(ask(1)[0]), []
    monkeypatch.setattr(bell, "ring", lambda: rings.append(1))
    assert claim(str(attempt.pk), "test")
    assert rings == []


def test_several_rings_at_once_wake_a_dispatcher_once():
    listener = bell.Listener()
    listener.wait(5)
    for _ in range(3):
        bell.ring()
    listener.wait(5)
    assert listener._pubsub.get_message(timeout=0.2) is None


def test_why_a_job_waits_is_asked_of_its_queue_alone(dispatcher, django_assert_max_num_queries):
    job = ask(1)[0]
    with django_assert_max_num_queries(5) as asked:
        assert why_waiting(job) == ""
    assert not [query["sql"] for query in asked.captured_queries if "queues_job" in query["sql"]]
