"""The live streams as a process of their own: real sockets, real Redis, real jobs."""

import asyncio
import json
import time
from urllib.parse import urlsplit

import pytest

from queues import control, services, topics
from tests.factories import running_job
from tests.live import Listener, LiveProcess, SocketListener, run
from tests.systems import ask

pytestmark = pytest.mark.django_db(transaction=True)
LOOK_AGAIN = {"type": "changed"}
STREAMS = 300


@pytest.fixture(scope="module")
def process():
    running = LiveProcess(PUBLIC_URL="https://shop.example")
    yield running
    running.kill()


@pytest.fixture
def live(process, settings):
    settings.LIVE_URL = process.url
    return process


@pytest.fixture
def running(live):
    return running_job("engine.write", {"name": "a"})


@pytest.fixture(params=[Listener, SocketListener], ids=["events", "socket"])
def listen(request):
    """A function that opens a stream of a topic and has heard its beginning."""
    opened = []

    def open_stream(*asked: str) -> Listener:
        opened.append(request.param(topics.address(*asked)))
        assert opened[-1].event() == LOOK_AGAIN
        return opened[-1]

    yield open_stream
    for listener in opened:
        listener.close()


def test_a_log_line_of_the_job_is_heard_with_its_id(listen, running):
    stream = listen(topics.of_job(running.id))
    running.log("One.")
    event = running.job.events.get(message="One.")
    heard = stream.until(event=event.pk)[-1]
    assert heard == {"type": "changed", "job": str(running.id), "subject": None, "event": event.pk}


def test_progress_and_completion_are_heard(listen, running):
    stream = listen(topics.of_job(running.id))
    running.log("So far.")
    stream.until(event=running.job.events.get(message="So far.").pk)
    running.progress(1, 2, "writing")
    assert stream.event() == {"type": "changed", "job": str(running.id), "subject": None, "event": None}
    with running.completing():
        pass
    assert stream.event()["event"] == running.job.events.get(message="Completed").pk


def test_a_stream_hears_its_own_topic_only(listen, running):
    stream = listen(topics.of_job(running.id))
    running_job("engine.write", {"name": "another"}).log("Not for you.")
    running.log("For you.")
    heard = stream.until(event=running.job.events.get(message="For you.").pk)
    assert {message["job"] for message in heard if message != LOOK_AGAIN} == {str(running.id)}


def test_whoever_watches_a_subject_hears_its_jobs_from_the_first_moment(listen, live, django_user_model):
    subject = django_user_model.objects.create(username="ada")
    stream = listen(topics.of_subject(subject))
    job = services.enqueue("engine.write", args={"name": "a"}, subject=subject)
    stream.until(job=str(job.pk), subject=f"auth.user:{subject.pk}")


def test_whoever_watches_a_parent_hears_its_children(listen, running):
    stream = listen(topics.of_job(running.id))
    child = services.enqueue("engine.write", args={"name": "child"}, parent=running.job)
    stream.until(job=str(child.pk))


def test_whoever_waits_in_line_hears_that_it_moves(listen, live):
    first, second = (services.enqueue("engine.write", args={"name": name}) for name in "ab")
    stream = listen(topics.of_job(second.pk), topics.of_queue("default"))
    control.cancel(first)
    assert stream.event() == LOOK_AGAIN


async def message(reader: asyncio.StreamReader) -> dict:
    while not (line := await reader.readline()).startswith(b"data: "):
        assert line
    return json.loads(line[6:])


async def event_after(reader: asyncio.StreamReader, earlier: int) -> int:
    while (event := (await message(reader)).get("event") or 0) <= earlier:
        pass
    return event


def test_one_event_reaches_300_open_streams_of_one_process(running):
    address = urlsplit(topics.address(topics.of_job(running.id)))
    before = running.job.events.last().pk

    async def open_stream() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(f"GET {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
        assert await message(reader) == LOOK_AGAIN
        return reader, writer

    async def everybody() -> list[int]:
        streams = await asyncio.gather(*(open_stream() for _ in range(STREAMS)))
        await asyncio.to_thread(running.log, "For all.")
        heard = await asyncio.wait_for(asyncio.gather(*(event_after(reader, before) for reader, _ in streams)), 20)
        for _, writer in streams:
            writer.close()
        return heard

    assert run(everybody()) == [running.job.events.get(message="For all.").pk] * STREAMS


def expired(topic: str, monkeypatch) -> str:
    now = time.time()
    with monkeypatch.context() as patch:
        patch.setattr("django.core.signing.time.time", lambda: now - topics.SECONDS - 1)
        return topics.address(topic)


def test_only_a_signed_and_fresh_address_opens_a_stream(live, monkeypatch):
    good = topics.address("job:1")
    payload, _, signature = good.rpartition(":")
    other = topics.address("job:2").rpartition("/live/")[2].split(":")[0]
    for wrong in (
        f"{live.url}/live/",
        good[:-1],
        f"{good}A",
        f"{payload}:",
        f"{live.url}/live/{other}:{':'.join(good.split(':')[-2:])}",
        f"{live.url}/live/%00%C3%A4:::",
        f"{live.url}/live/{'A' * 5000}",
        expired("job:1", monkeypatch),
    ):
        assert ask(wrong)[0] == 403, wrong
        refused = SocketListener(wrong)
        assert refused.status == 403, wrong
        refused.close()


@pytest.mark.parametrize(("path", "method"), [("/", "GET"), ("/healthz", "GET"), ("/admin/", "POST")])
def test_the_process_serves_nothing_else(live, path, method):
    assert ask(live.url + path, method=method)[0] == 404


def test_a_stream_is_only_read(live):
    assert ask(topics.address("job:1"), method="POST")[0] == 403


def test_pages_of_our_own_site_may_read_and_caches_may_not(live):
    stream = Listener(topics.address("job:1"), "Origin: https://elsewhere.example")
    assert stream.headers["access-control-allow-origin"] == "https://shop.example"
    assert stream.headers["cache-control"] == "no-store"
    stream.close()


@pytest.mark.parametrize(("origin", "status"), [("https://shop.example", 101), ("https://elsewhere.example", 403)])
def test_only_pages_of_our_own_site_open_sockets(live, origin, status):
    stream = SocketListener(topics.address("job:1"), f"Origin: {origin}")
    assert stream.status == status
    stream.close()


@pytest.mark.parametrize("kind", [Listener, SocketListener])
def test_sigterm_ends_open_streams_and_then_the_process(settings, kind):
    process = LiveProcess()
    settings.LIVE_URL = process.url
    streams = [kind(topics.address("job:1")) for _ in range(3)]
    assert [stream.event() for stream in streams] == [LOOK_AGAIN] * 3
    assert process.terminate() == 0
    for stream in streams:
        assert all(message == LOOK_AGAIN for message in iter(stream.event, None))
        stream.close()
