"""The first part of a round: find titles that have no post yet, and ask for a job for each."""

from aiproviders.services import check_keys
from content.blog.catalogues import default_catalogue
from content.blog.models import Run
from content.blog.runs import rounds
from content.blog.runs.asking import priority_of
from content.blog.runs.kinds import QUEUE, WRITE
from content.blog.runs.listing import TAKEN, WORDS, Found, key_of, look, page_of
from content.blog.runs.progress import SKIPPED
from content.blog.writing import TEMPLATE
from queues.errors import Cancelled
from queues.models import Job, JobEvent, Queue
from queues.running import RunningJob
from queues.services import enqueue


def pick(*, run_id: str, job: RunningJob) -> None:
    """Hand the round over to one job per title. Raises ProviderError (no key), CatalogueError and Cancelled."""
    run = Run.objects.select_related("owner").filter(pk=run_id).first()
    if run is None:
        raise Cancelled
    if run.ai_model != TEMPLATE:
        check_keys(user=run.owner, model=run.ai_model)
    wanted = rounds.posts_left(run)
    job.progress(0, wanted, "choosing titles")
    catalogue = default_catalogue()

    def page(number: int) -> dict:
        return job.step(f"page-{number}", lambda: page_of(catalogue, run, number))

    found = list(look(run, catalogue.name, wanted, page))
    with job.handing_over():
        # Two rounds that ask for the same titles in different orders would wait for each other for ever.
        Queue.objects.select_for_update().filter(pk=QUEUE).first()
        _hand_over(found, run, catalogue.name, wanted, job)


def _hand_over(found: list[Found], run: Run, source: str, wanted: int, job: RunningJob) -> None:
    skipped, asked = [], 0
    for title in found:
        reason = title.skipped
        if not reason:
            reason = "" if _ask_for(title, run, source, job).parent_id == job.id else TAKEN
            asked += not reason
        if reason:
            message = f"{title.label}: {WORDS[reason]}"
            skipped.append(JobEvent(job=job.job, message=message, data={SKIPPED: reason}))
    JobEvent.objects.bulk_create(skipped)
    words = f"{asked} posts to write."
    if asked < wanted:
        words = f"{asked} of {wanted} posts to write: the listing has no more titles that fit and have no post."
    job.log(words, level="info" if asked else "warning")


def _ask_for(title: Found, run: Run, source: str, job: RunningJob) -> Job:
    args = {"run_id": str(run.pk), "source": source}
    return enqueue(
        WRITE,
        args=args | {"media_type": run.media_type, "external_id": title.external_id},
        priority=priority_of(run),
        dedupe_key=key_of(source, run.media_type, title.external_id),
        subject=run,
        label=title.label,
        owner=run.owner,
        parent=job.job,
    )
