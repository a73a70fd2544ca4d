"""Many clicks of one customer at one moment, on real connections."""

import pytest
from django.test import Client

from orders.models import Mail, OrderEvent, Review, RevisionRequest
from queues.models import Job
from tests.concurrency import all_at_once
from tests.orders.builders import make_order
from tests.orders.shopping import opened
from tests.orders.stages import NOTES, fresh, written

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def clicking(order, action: str, **form):
    """A click on a button of the order's page, in a tab of its own."""
    client = Client()
    path = opened(client, order)
    return lambda: client.post(f"{path}/{action}", form)


def test_ten_clicks_on_ask_for_changes_make_one_job():
    order = written()
    form = {"notes": NOTES, "version": order.current_version_id}
    answers = all_at_once([clicking(order, "request-revision", **form) for _ in range(10)])
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, f"/order-status/{order.pk}")}
    assert RevisionRequest.objects.count() == 1
    assert Job.objects.filter(kind="orders.revise_article").count() == 1
    assert OrderEvent.objects.filter(action="request_revision").count() == 1
    assert fresh(order).status == "PROCESSING"


def test_ten_different_wishes_at_once_make_one_job_and_nine_are_told():
    order = written()
    wishes = [{"notes": f"{NOTES} And {number}.", "version": order.current_version_id} for number in range(10)]
    answers = all_at_once([clicking(order, "request-revision", **wish) for wish in wishes])
    assert sorted(answer.status_code for answer in answers) == [302] + [409] * 9
    assert RevisionRequest.objects.count() == 1


def test_ten_clicks_on_send_to_the_editor_make_one_review():
    order = written()
    answers = all_at_once([clicking(order, "submit", version=order.current_version_id) for _ in range(10)])
    assert {answer.status_code for answer in answers} == {302}
    assert Review.objects.count() == 1


def test_ten_clicks_on_send_a_new_link_write_one_mail():
    order = make_order()
    form = {"email": order.email}
    calls = [lambda at=at: Client(REMOTE_ADDR=f"192.0.2.{at}").post("/new-link", form) for at in range(10)]
    assert {answer.status_code for answer in all_at_once(calls)} == {200}
    assert Mail.objects.filter(kind="link_resend").count() == 1
