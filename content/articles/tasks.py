"""Kinds of jobs about articles. The work itself is in commentary and feeds."""

from content.articles.commentary.services import BATCH, WRITE
from content.articles.feeds.services import IMPORT
from queues.kinds import job
from queues.models import Job


def _commentary_failed(failed: Job) -> None:
    from content.articles.commentary import writing

    writing.fall_back(failed)


@job(queue="commentary", name=WRITE, on_exhausted=_commentary_failed)
def write_commentary(job, *, article_id):
    from content.articles.commentary import writing

    writing.write_commentary(article_id=article_id, job=job)


@job(queue="default", name=BATCH)
def write_commentaries(job):
    """Its children were asked for with it; it ends with the last of them."""
    with job.handing_over():
        pass


def _import_failed(failed: Job) -> None:
    from content.articles.feeds import services

    services.import_failed(failed)


@job(queue="default", name=IMPORT, on_exhausted=_import_failed)
def import_feed(job, *, feed_id):
    from content.articles.feeds import services

    services.import_feed(feed_id=feed_id, job=job)
