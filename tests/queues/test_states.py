import pytest

from queues.ledger import transition
from queues.models import Job, JobEvent
from queues.states import FINAL, IN_LINE, OPEN, RUNNING, TRANSITIONS, JobState

PAIRS = [(origin, to) for origin in JobState for to in JobState]


@pytest.mark.parametrize(("origin", "to"), PAIRS)
@pytest.mark.django_db
def test_the_ledger_allows_exactly_the_table(origin, to):
    job = Job.objects.create(kind="engine.write", queue="default", state=origin)
    moved = transition(job, to, message="moved")
    job.refresh_from_db()
    assert moved == (to in TRANSITIONS[origin])
    assert job.state == (to if moved else origin)
    assert JobEvent.objects.count() == moved


def test_every_state_is_in_one_group():
    assert sorted([*IN_LINE, *RUNNING, *FINAL]) == sorted(JobState)
    assert set(OPEN) == set(JobState) - set(FINAL)
