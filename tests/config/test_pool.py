import threading
from collections.abc import Iterator

import pytest
from kombu.asynchronous import Hub

from config.celery import app
from config.pool import TaskPool


@pytest.fixture
def pool() -> Iterator[TaskPool]:
    assert app.conf.worker_pool == "config.pool:TaskPool"
    pool = TaskPool(limit=1)
    yield pool
    pool.on_stop()


@pytest.fixture
def hub() -> Iterator[Hub]:
    hub = Hub()
    yield hub
    hub.close()


def test_the_main_loop_wakes_when_a_thread_is_free_again_after_each_reconnect_too(pool, hub):
    for _ in range(2):
        hub.reset()  # as Celery does when its connection is lost
        pool.register_with_event_loop(hub)
        gate = threading.Event()
        job = pool.on_apply(gate.wait, (), callback=lambda _: None)
        assert not hub.poller.poll(0)
        gate.set()
        (ready, _), *others = hub.poller.poll(30)
        assert job.f.done() and not others
        callback, args = hub.readers[ready]
        callback(*args)
        assert not hub.poller.poll(0)


def test_a_job_that_breaks_frees_its_thread_too(pool, hub):
    pool.register_with_event_loop(hub)
    job = pool.on_apply(lambda: 1 / 0, ())
    assert hub.poller.poll(30)
    with pytest.raises(ZeroDivisionError):
        job.get()


def test_no_thread_waits_for_a_loop_that_does_not_listen(pool):
    """While Redis is away nobody reads."""
    jobs = [pool.on_apply(int, (), callback=lambda _: None) for _ in range(5000)]
    assert jobs[-1].f.result(30) is None
    assert pool.on_apply(int, (), callback=lambda _: None).f.result(30) is None
