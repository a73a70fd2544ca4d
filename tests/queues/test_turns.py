import datetime

import pytest
from django.utils import timezone

from queues.dispatch import tick
from queues.models import Job, Queue
from queues.selectors import position
from queues.services import enqueue
from queues.states import JobState
from tests.factories import make_worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def owners(django_user_model):
    return [django_user_model.objects.create(username=name) for name in ("ada", "bob", "cem")]


def ask(owner, *names: str, **options) -> list[Job]:
    return [enqueue("engine.write", args={"name": name}, owner=owner, **options) for name in names]


def start_order(slots: int) -> list[str]:
    """The order in which jobs go on the wire when one slot frees at a time."""
    worker, order = make_worker(slots=1), []
    tick()
    for free in range(1, slots + 1):
        type(worker).objects.update(slots=free, last_seen=timezone.now())
        tick()
        order += [
            name
            for name in Job.objects.filter(state=JobState.DISPATCHED).values_list("args__name", flat=True)
            if name not in order
        ]
    return order


def test_one_owners_thousand_do_not_starve_anothers_one(owners):
    ada, bob, cem = owners
    ask(ada, *(f"a{number}" for number in range(10)))
    ask(bob, "b0", "b1")
    ask(cem, "c0")
    assert start_order(6) == ["a0", "b0", "c0", "a1", "b1", "a2"]


def test_a_newcomer_is_next_but_not_ahead_of_what_was_served(owners):
    ada, bob, _ = owners
    ask(ada, *(f"a{number}" for number in range(6)))
    assert start_order(3) == ["a0", "a1", "a2"]
    late = ask(bob, "b0", "b1")
    assert [position(job) for job in late] == [1, 3]


def test_priority_goes_before_turns(owners):
    ada, bob, _ = owners
    ask(ada, "a0", "a1")
    ask(bob, "later", priority=9)
    ask(ada, "urgent", priority=1)
    assert start_order(4) == ["urgent", "a0", "a1", "later"]


def test_waiting_makes_more_urgent_where_the_queue_says_so(owners):
    Queue.objects.update_or_create(name="default", defaults={"ageing": 60})
    old = ask(owners[0], "old", priority=9)[0]
    ask(owners[1], *(f"n{number}" for number in range(3)), priority=8)
    assert start_order(1) == ["n0"]
    past = timezone.now() - datetime.timedelta(seconds=1)
    Job.objects.filter(pk=old.pk).update(ages_at=past)
    tick()
    old.refresh_from_db()
    assert old.priority == 8
    assert old.ages_at > past + datetime.timedelta(seconds=59)
    assert position(old) == 1


def test_queues_that_do_not_age_leave_priorities_alone(owners):
    job = ask(owners[0], "a", priority=9)[0]
    assert job.ages_at is None
    tick()
    tick()
    job.refresh_from_db()
    assert job.priority == 9
