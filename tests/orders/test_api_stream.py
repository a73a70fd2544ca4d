"""The live stream of an order for API clients: who may open it, and that the real process tells of its changes."""

import uuid

import pytest
from django.test import Client

from orders import links, reviews
from orders.models import Order
from queues import topics
from queues.models import Job
from tests.live import Listener, LiveProcess
from tests.orders.admin.pages import staff_with
from tests.orders.builders import make_order, make_paid_order
from tests.orders.stages import make_staff, running, submitted

pytestmark = pytest.mark.django_db
LOOK_AGAIN = {"type": "changed"}


def ask(order_id, tail: str = "/stream", client: Client | None = None, token: str = ""):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return (client or Client()).get(f"/api/v1/purchase/status/{order_id}{tail}", headers=headers)


def token_of(order: Order) -> str:
    return links.token_for(order.pk, order.link_version)


def heard_at(response) -> list[str]:
    assert (response.status_code, response["Cache-Control"]) == (307, "no-store")
    address = response["Location"]
    assert address.startswith("https://live.example/live/")
    return topics.opened_by(address.removeprefix("https://live.example"))


@pytest.fixture
def elsewhere(settings):
    settings.LIVE_URL = "https://live.example"


@pytest.mark.usefixtures("elsewhere")
def test_customer_client_and_staff_are_led_to_the_stream_of_this_order(api, user):
    order = make_order()
    own = f"orders.order:{order.pk}"
    Order.objects.filter(pk=order.pk).update(owner=user)
    browser = Client()
    browser.cookies[f"order_api_{order.pk}"] = token_of(order)
    for answer in (
        ask(order.pk, token=token_of(order)),
        ask(order.pk, "/stream/", token=token_of(order)),
        ask(order.pk, client=browser),
        ask(order.pk, client=api),
        ask(order.pk, client=staff_with("see")),
    ):
        assert heard_at(answer)[0] == own


@pytest.mark.usefixtures("elsewhere")
def test_while_its_job_waits_the_stream_is_of_that_line_too():
    order = make_paid_order()
    Job.objects.filter(queue="mail").update(state="completed")
    assert heard_at(ask(order.pk, token=token_of(order))) == [f"orders.order:{order.pk}", "queue:article-generation"]


def test_whoever_may_not_read_the_status_gets_its_very_answer(api, django_assert_num_queries):
    order, other = make_order(), make_order()
    callers = [
        (order.pk, {}),
        (order.pk, {"token": token_of(other)}),
        (order.pk, {"token": "ol_" + "A" * 32}),
        (order.pk, {"token": "\u00e9"}),
        (uuid.uuid4(), {"token": token_of(order)}),
        ("not-an-id", {"token": token_of(order)}),
        (order.pk, {"client": api}),
        (order.pk, {"client": staff_with()}),
    ]
    for order_id, caller in callers:
        status, stream = ask(order_id, "", **caller), ask(order_id, **caller)
        assert stream.status_code in (401, 404) and "Location" not in stream
        assert (stream.status_code, stream.content, stream.headers) == (
            status.status_code,
            status.content,
            status.headers,
        )
    with django_assert_num_queries(1):
        ask(order.pk, token=token_of(other))


def test_nothing_but_reading_is_offered():
    order = make_order()
    client = Client(headers={"Authorization": f"Bearer {token_of(order)}"})
    assert client.post(f"/api/v1/purchase/status/{order.pk}/stream").status_code == 405


@pytest.fixture(scope="module")
def process():
    running_process = LiveProcess()
    yield running_process
    running_process.kill()


@pytest.fixture
def listen(process, settings):
    """A function that opens the stream of an order as its customer does, and has heard its beginning."""
    settings.LIVE_URL, opened = process.url, []

    def open_stream(order: Order) -> Listener:
        opened.append(Listener(ask(order.pk, token=token_of(order))["Location"]))
        assert opened[-1].status == 200 and opened[-1].event() == LOOK_AGAIN
        return opened[-1]

    yield open_stream
    for listener in opened:
        listener.close()


@pytest.mark.django_db(transaction=True)
def test_what_staff_do_is_heard_by_its_own_customer_only(listen):
    order, other = submitted(), submitted(email="bea@example.com")
    stream, subject = listen(order), f"orders.order:{order.pk}"
    before = ask(order.pk, "", token=token_of(order)).json()
    reviews.claim(order_id=other.pk, staff=make_staff())
    reviews.claim(order_id=order.pk, staff=make_staff())  # it asks for no job and writes no mail
    heard: list = [None]
    while heard[-1] != {"type": "changed", "subject": subject}:  # it has no job: nothing else tells of this
        heard.append(stream.event())
        assert heard[-1], "the stream has ended"
    assert {message.get("subject") for message in heard[1:]} <= {None, subject}
    after = ask(order.pk, "", token=token_of(order)).json()
    assert (before["canRecall"], after["canRecall"]) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_the_progress_of_its_job_is_heard(listen):
    order = make_paid_order()
    job = running(order)
    stream = listen(order)
    job.log("Section 1 written.")
    stream.until(job=str(job.id), subject=f"orders.order:{order.pk}", event=job.job.events.last().pk)
