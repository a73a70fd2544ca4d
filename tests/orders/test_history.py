import pytest

from orders import history
from orders.actors import CUSTOMER
from orders.transitions import record
from queues.models import Job
from tests.orders.builders import make_paid_order

pytestmark = pytest.mark.django_db


def texts(order) -> list[str]:
    return [line.text for line in history.lines(order, Job.objects.get(pk=order.current_job))]


@pytest.fixture
def order():
    return make_paid_order()


def test_milestones_and_sentences_of_the_job_come_in_the_order_of_their_times(order):
    job = Job.objects.get(pk=order.current_job)
    for message in ("Outline ready", "Section 1 written", "Section 2 written"):
        job.events.create(message=message)
    assert texts(order) == [
        "Order placed",
        "Payment received",
        "Outline ready",
        "Section 1 written",
        "Section 2 written",
    ]


def test_the_engines_own_lines_and_what_staff_noted_stay_inside(order):
    job = Job.objects.get(pk=order.current_job)
    job.events.create(message="Started, attempt 1, on worker box-7", data={"state": "active"})
    record(order, "payment_mismatch", actor=CUSTOMER, note="Paid 1 usd")
    assert texts(order) == ["Order placed", "Payment received"]


def test_a_setback_is_told_in_our_words_and_marked(order):
    job = Job.objects.get(pk=order.current_job)
    job.events.create(message="Try 1 of 3 failed: 429", level="warning", data={"state": "delayed"})
    last = history.lines(order, job)[-1]
    assert (last.text, last.warning) == (history.SETBACK, True)


def test_only_the_newest_lines_are_kept(order):
    job = Job.objects.get(pk=order.current_job)
    for number in range(60):
        job.events.create(message=f"line {number}")
    lines = texts(order)
    assert len(lines) == history.LONGEST
    assert lines[-1] == "line 59"


def test_an_order_whose_job_was_pruned_keeps_its_milestones(order):
    assert [line.text for line in history.lines(order, None)] == ["Order placed", "Payment received"]
