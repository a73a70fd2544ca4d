"""Requests in the admin: to be looked at only."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from queues.models import Job
from tests.content.recommendations.builders import answered, make_request

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
LIST = "/admin/recommendations/recommendation/"


@pytest.fixture
def staff(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("ops"))
    return client


def test_the_list_shows_what_was_asked_and_how_it_stands(staff, fake):
    answered()
    waiting = make_request()
    Job.objects.filter(pk=waiting.current_job).delete()
    shown = staff.get(LIST).content.decode()
    for part in ("Technology, Communication Services", "completed", "forgotten", "sample", "template"):
        assert part in shown


def test_nothing_can_be_changed(staff):
    row = make_request()
    page = f"{LIST}{row.pk}/change/"
    assert staff.get(page).status_code == 200
    assert staff.post(page, {"risk_tolerance": 1}).status_code == 403
    assert staff.get(f"{LIST}add/").status_code == staff.post(f"{LIST}{row.pk}/delete/").status_code == 403
    row.refresh_from_db()
    assert row.risk_tolerance == 7


def test_the_list_takes_as_many_queries_with_fifty_rows_as_with_one(staff, ada):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(LIST).status_code == 200
        return len(queries)

    make_request(ada)
    one = count()
    for _ in range(49):
        make_request(ada)
    assert count() == one
