"""A job that ends with a catalogue's error is settled by what the error says."""

import pytest

from content.blog.catalogues import CatalogueError
from queues.failure import settle
from queues.models import Job
from tests.factories import running_job

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def after(error: CatalogueError) -> Job:
    job = running_job("engine.write", {"name": "x"})
    settle(job.job, error)
    return Job.objects.get(pk=job.id)


@pytest.mark.parametrize("kind", ["auth", "not_found", "bad_request", "unsupported"])
def test_what_cannot_succeed_is_not_tried_again(kind):
    job = after(CatalogueError(kind, "It failed."))
    assert (job.state, job.error_kind, job.error_message) == ("failed", kind, "It failed.")


def test_a_pause_that_the_catalogue_asks_for_is_kept():
    job = after(CatalogueError("rate_limit", "TMDB asks for a pause.", retry_after=77))
    assert (job.state, job.error_kind) == ("delayed", "rate_limit")
    assert any("Next try in 77 s." in event.message for event in job.events.all())
