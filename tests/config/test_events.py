import contextlib
from threading import Thread

import pytest

from config.celery import app
from tests.processes import wait_until

THREADS, EACH = 8, 500


@pytest.fixture
def heard():
    """Listens as Flower does: a function that returns the ids heard so far of tasks that events of a type name."""
    ids = {"task-received": [], "task-started": []}
    with app.connection_for_read() as connection:
        receiver = app.events.Receiver(
            connection, handlers={"*": lambda event: ids[event["type"]].append(event["uuid"])}
        )
        with receiver.consumer_context() as (drained, *_):

            def listen(about: str = "task-received") -> list[str]:
                with contextlib.suppress(TimeoutError):
                    while True:
                        drained.drain_events(timeout=0.1)
                return ids[about]

            yield listen


@pytest.fixture
def dispatcher(heard):
    """One as a worker has it; the listener is there."""
    with app.connection_for_write() as connection:
        dispatcher = app.events.Dispatcher(connection, buffer_group=["task"], buffer_while_offline=True)

        def hears() -> list[str]:
            dispatcher.send("task-started", uuid="hello")
            dispatcher.flush()
            return heard("task-started")

        wait_until(hears)
        yield dispatcher


def test_flower_hears_of_every_task_once_though_many_threads_report_together(dispatcher, heard):
    def report(name: int) -> None:
        for number in range(EACH):
            dispatcher.send("task-received", uuid=f"{name}-{number}")

    threads = [Thread(target=report, args=(name,)) for name in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    dispatcher.flush()
    wait_until(lambda: len(heard()) >= THREADS * EACH)
    assert sorted(heard()) == sorted(f"{name}-{number}" for name in range(THREADS) for number in range(EACH))


def test_what_a_broker_that_is_away_does_not_take_waits_for_it(dispatcher, heard):
    class Away:
        def publish(self, *args, **kwargs):
            raise ConnectionError

    producer, dispatcher.producer = dispatcher.producer, Away()
    dispatcher.send("task-received", uuid="one")
    dispatcher.flush()
    dispatcher.flush()
    dispatcher.producer = producer
    dispatcher.flush()
    wait_until(heard)
    assert heard() == ["one"]
