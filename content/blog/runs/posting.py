"""The second part of a round: write one post and save it, once."""

from aiproviders.selectors import spend
from content.blog.catalogues import Title, catalogue
from content.blog.errors import AlreadyWritten
from content.blog.models import Post, Run
from content.blog.runs.listing import POSTED, WORDS
from content.blog.runs.progress import OUTCOME, SKIPPED
from content.blog.selectors import written
from content.blog.services import save_post
from content.blog.writing import write_post
from queues.errors import Cancelled, Superseded
from queues.models import Job
from queues.running import RunningJob

WRITTEN = "written"


def post(*, run_id: str, source: str, media_type: str, external_id: str, job: RunningJob) -> None:
    """Write about one title and complete the job with the post, or without one if the title has one already.

    Raises CatalogueError and ProviderError; Cancelled when the run stops: what has not begun does not begin, and what
    has failed is not tried again.
    """
    run = Run.objects.select_related("owner").filter(pk=run_id).first()
    if run is None or _stops(job.job):
        raise Cancelled
    try:
        _post(run, source, media_type, external_id, job)
    except (Cancelled, Superseded):
        raise
    except Exception as error:
        if not _stops(job.job):
            raise
        job.log(f"failed, and is not tried again because the run stops: {error}", level="warning")
        raise Cancelled from error


def _stops(job: Job) -> bool:
    return Job.objects.filter(pk=job.parent_id, cancel_requested=True).exists()


def _post(run: Run, source: str, media_type: str, external_id: str, job: RunningJob) -> None:
    if written(source, media_type, [external_id]):
        return _skip(job)
    details = job.step("title", lambda: catalogue(source).details(media_type, external_id).as_json())
    title = Title.from_json(details)
    draft = write_post(title=title, user=run.owner, model=run.ai_model, job=job)
    job.checkpoint()
    try:
        with job.completing({OUTCOME: WRITTEN}):
            saved = save_post(title=title, draft=draft, job_id=job.id, publish=run.auto_publish)
            Post.objects.filter(pk=saved.pk).update(run=run)
            job.log(_words(saved, job), post=str(saved.pk))
    except AlreadyWritten:  # somebody was faster
        _skip(job)


def _skip(job: RunningJob) -> None:
    with job.completing({OUTCOME: SKIPPED}):
        job.log(WORDS[POSTED])


def _words(saved: Post, job: RunningJob) -> str:
    """ "published, 812 words, $0.0170"; what it cost only if all of it is known."""
    spent = spend([job.id])
    cost = f", ${spent.cost:.4f}" if spent.calls and not spent.unpriced else ""
    done = "published" if saved.published_at else "written as a draft"
    return f"{done}, {saved.current.word_count} words{cost}"
