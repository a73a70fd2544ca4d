"""How long answers are kept, and what deletes them."""

import datetime

import pytest

from content.recommendations import services
from content.recommendations.models import Recommendation
from queues import clock
from queues.models import Job
from tests.content.recommendations.builders import answered, make_request

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SECOND = datetime.timedelta(seconds=1)


def aged(row: Recommendation, **changes) -> Recommendation:
    Recommendation.objects.filter(pk=row.pk).update(**changes)
    return row


@pytest.mark.django_db(transaction=True)
def test_the_time_of_an_answer_runs_from_its_end(fake, settings):
    settings.RESULTS_TTL = 3600
    row = answered()
    assert row.expires_at == row.completed_at + datetime.timedelta(hours=1)


def test_what_is_over_is_deleted_and_nothing_else():
    now, days = clock.now(), datetime.timedelta(days=30)
    over = aged(make_request(), expires_at=now - SECOND)
    Job.objects.update(state="completed")
    fresh = aged(make_request(), expires_at=now + 60 * SECOND)
    waiting = aged(make_request(), created_at=now - days)
    again = aged(make_request(), expires_at=now - SECOND)  # a dead letter that was put back in line
    lost = aged(make_request(), created_at=now - days)
    Job.objects.filter(pk=lost.current_job).delete()
    assert services.delete_expired() == 2
    assert set(Recommendation.objects.values_list("pk", flat=True)) == {fresh.pk, waiting.pk, again.pk}
    assert not Recommendation.objects.filter(pk=over.pk).exists()


def test_many_are_deleted_in_batches(monkeypatch):
    monkeypatch.setattr(services, "BATCH", 2)
    for _ in range(5):
        aged(make_request(), expires_at=clock.now() - SECOND)
    Job.objects.update(state="completed")
    assert services.delete_expired() == 5
    assert not Recommendation.objects.exists()


def test_deleting_recurs(settings):
    assert settings.RECURRING_JOBS["recommendations.delete_expired"]["every"] <= 3600


def test_a_users_answers_go_with_the_user(ada):
    row = make_request(ada)
    ada.delete()
    assert not Recommendation.objects.filter(pk=row.pk).exists()
