"""What a listener gets who is slow or patient, and what all get when Redis goes and comes back."""

import asyncio
import contextlib

import pytest

from queues import bell, hub, topics
from queues.hub import LOOK_AGAIN, WAITING, Hub, Stream
from tests.factories import running_job
from tests.live import Listener, LiveProcess, run
from tests.processes import wait_until


def heard(stream: Stream, count: int) -> list[str]:
    """The next `count` messages."""

    async def hear() -> list[str]:
        return [await anext(stream) for _ in range(count)]

    return run(hear())


def everything(stream: Stream) -> list[str]:
    """All messages until the stream's end."""

    async def hear() -> list[str]:
        return [message async for message in stream]

    return run(hear())


def test_messages_come_in_order_after_a_first_look_again():
    stream = Stream()
    for number in range(WAITING - 1):
        stream.put(str(number))
    assert heard(stream, WAITING) == [LOOK_AGAIN, *map(str, range(WAITING - 1))]


def test_a_slow_listener_gets_one_look_again_for_all_that_waited():
    stream = Stream()
    for number in range(WAITING + 1):
        stream.put(str(number))
    assert heard(stream, 2) == [LOOK_AGAIN, str(WAITING)]


def test_a_silent_stream_beats(monkeypatch):
    monkeypatch.setattr(hub, "HEARTBEAT", 0.001)
    assert heard(Stream(), 3) == [LOOK_AGAIN, "", ""]


def test_a_stream_ends_after_its_time_so_that_addresses_are_checked_again(monkeypatch):
    monkeypatch.setattr(hub, "LIFETIME", (0.01, 0.01))
    assert everything(Stream()) in ([LOOK_AGAIN], [])


def test_a_closed_stream_ends_at_once():
    stream = Stream()
    stream.close()
    assert everything(stream) == []


def test_a_listener_who_left_is_forgotten():
    switchboard = Hub()
    with switchboard.stream("job:1"), switchboard.stream("job:1"), switchboard.stream("job:2"):
        assert len(switchboard.all_streams()) == 3
    assert switchboard.all_streams() == set() and switchboard._streams == {}


def news(topics: str) -> dict:
    return {"type": "message", "data": f"{topics}\n{{}}".encode()}


def test_many_changes_of_a_line_are_told_twice_to_who_waits_there_and_never_forgotten(monkeypatch):
    monkeypatch.setattr(hub, "LINE_SECONDS", 0.01)
    switchboard = Hub()

    async def listen() -> None:
        with switchboard.stream("job:1", "queue:blog") as stream, switchboard.stream("queue:mail") as other:
            assert [await anext(stream), await anext(other)] == [LOOK_AGAIN] * 2
            for _ in range(3):
                for number in range(50):
                    switchboard._hand_on(news(f"job:{number + 2} queue:blog"))
                assert [await anext(stream), await anext(stream)] == [LOOK_AGAIN] * 2  # the first, and the 49 after it
                while switchboard._moved:
                    await asyncio.sleep(0)
                assert stream._messages.empty() and other._messages.empty()

    run(listen())


def test_who_comes_while_a_line_is_being_told_hears_of_the_next_change(monkeypatch):
    monkeypatch.setattr(hub, "LINE_SECONDS", 0.01)
    switchboard = Hub()

    async def listen() -> None:
        with switchboard.stream("queue:blog"):
            switchboard._hand_on(news("queue:blog"))
        with switchboard.stream("queue:blog") as late:
            assert await anext(late) == LOOK_AGAIN
            switchboard._hand_on(news("queue:blog"))
            assert await anext(late) == LOOK_AGAIN

    run(listen())


def test_a_job_that_moves_its_line_is_heard_at_once_by_its_own_listeners():
    switchboard = Hub()

    async def listen() -> None:
        with switchboard.stream("job:1", "queue:blog") as stream:
            await anext(stream)
            switchboard._hand_on(news("job:1 queue:blog"))
            assert await anext(stream) == "{}"

    run(listen())


def test_a_line_that_nobody_watches_costs_nothing():
    switchboard = Hub()
    switchboard._hand_on(news("job:1 queue:blog"))  # without a running loop a timer would be an error
    assert switchboard._moved == {}


def test_the_more_wait_in_a_line_the_less_often_each_is_sent_to_look(monkeypatch):
    monkeypatch.setattr(hub, "LOOKS_PER_SECOND", 1)
    switchboard, timers = Hub(), []

    async def listen() -> None:
        loop = asyncio.get_running_loop()
        monkeypatch.setattr(loop, "call_later", lambda delay, *call: timers.append(delay))
        with contextlib.ExitStack() as stack:
            for _ in range(30):
                stack.enter_context(switchboard.stream("queue:blog"))
            switchboard._hand_on(news("queue:blog"))

    run(listen())
    assert len(timers) == 31 and max(timers) == timers[-1] == 30


@pytest.mark.django_db(transaction=True)
def test_redis_dies_the_stream_stays_and_says_look_again_when_it_is_back(own_redis, settings):
    process = LiveProcess(REDIS_URL=own_redis.server.url)
    settings.LIVE_URL = process.url
    wait_until(lambda: bell.client().pubsub_numsub(topics.CHANNEL)[0][1])
    running = running_job("engine.write", {"name": "a"})
    stream = Listener(topics.address(topics.of_job(running.id)))
    running.log("All is well.")
    stream.until(event=running.job.events.get(message="All is well.").pk)
    own_redis.kill()
    running.log("Nobody is told.")
    late = Listener(topics.address(topics.of_job(running.id)))  # opens without Redis too
    assert late.event() == {"type": "changed"}
    own_redis.start()
    assert [stream.event(), late.event()] == [{"type": "changed"}] * 2
    running.log("Everybody is told.")
    told = running.job.events.get(message="Everybody is told.").pk
    assert [stream.event()["event"], late.event()["event"]] == [told] * 2
    for listener in (stream, late):
        listener.close()
    process.kill()
