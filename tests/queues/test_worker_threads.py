"""The threads of a worker process, looked at without the process."""

import os

import pytest

from queues import leases, worker
from queues.models import Worker
from tests.factories import make_worker

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_heartbeat_goes_on_whatever_it_runs_into(monkeypatch):
    beats = []

    def beat(*args, **kwargs):
        beats.append(args)
        raise ValueError("nobody thought of this")

    def sleep(seconds):
        if len(beats) == 2:
            raise SystemExit

    monkeypatch.setattr(leases, "beat", beat)
    monkeypatch.setattr(worker.time, "sleep", sleep)
    with pytest.raises(SystemExit):
        worker.heartbeat("test", 1)
    assert len(beats) == 2


def test_a_worker_that_leaves_takes_no_other_with_the_same_pid_along(monkeypatch):
    for node in ("mine", "another"):
        make_worker(name=leases.identity(node))
    Worker.objects.update(pid=os.getpid())  # as in containers, where all have the same
    monkeypatch.setattr(worker, "node", "mine")
    worker.leave()
    assert Worker.objects.get().name == leases.identity("another")
