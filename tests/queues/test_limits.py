"""Global limits with three real workers: by the ledger's own start times, no window ever holds too many."""

import datetime

import pytest

from queues.models import Attempt, Job, Queue
from queues.services import enqueue
from queues.states import FINAL, JobState
from tests.engine.models import Effect
from tests.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

LIMIT, WINDOW = 20, 2


@pytest.fixture
def three_workers(start_worker):
    Queue.objects.update_or_create(name="commentary", defaults={"rate_max": LIMIT, "rate_window": WINDOW})
    return [start_worker(name, WORKER_THREADS="20") for name in ("one", "two", "three")]


def ask(count: int) -> None:
    for number in range(count):
        enqueue("engine.limited", args={"name": f"{number:04}"})


def all_final() -> bool:
    return not Job.objects.exclude(state__in=FINAL).exists()


def most_starts_in_a_window() -> int:
    starts = sorted(Attempt.objects.filter(started_at__isnull=False).values_list("started_at", flat=True))
    window = datetime.timedelta(seconds=WINDOW)
    return max(sum(start - window < other <= start for other in starts) for start in starts)


def test_a_saturated_queue_starts_exactly_what_is_allowed(three_workers):
    ask(4 * LIMIT)
    wait_until(all_final, 60)
    assert most_starts_in_a_window() == LIMIT
    assert Effect.objects.count() == 4 * LIMIT


def test_a_burst_late_in_the_window_gets_no_second_allowance(three_workers):
    ask(1)
    wait_until(all_final)
    first = Attempt.objects.get().started_at
    late = first + datetime.timedelta(seconds=0.9 * WINDOW)
    wait_until(lambda: datetime.datetime.now(datetime.UTC) >= late)
    ask(3 * LIMIT)
    wait_until(all_final, 60)
    assert most_starts_in_a_window() == LIMIT


def test_a_concurrency_limit_holds_over_all_workers(three_workers):
    Queue.objects.update_or_create(name="default", defaults={"concurrency": 3})
    for number in range(12):
        enqueue("engine.hold", args={"name": str(number), "seconds": 0.3})
    seen = []

    def done() -> bool:
        seen.append(Job.objects.filter(state=JobState.ACTIVE).count())
        return all_final()

    wait_until(done, 60)
    assert max(seen) == 3
    assert Effect.objects.count() == 12
