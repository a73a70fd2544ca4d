"""Reading how the commentary of an article stands, and the line of the queue."""

from content.articles.commentary.services import WRITE
from content.articles.models import Article
from content.texts.durations import in_words
from queues import stats
from queues.models import Job
from queues.selectors import estimated_seconds, position
from queues.states import OPEN, JobState

QUEUE = "commentary"
FIRST_GUESS = 20  # seconds, before any commentary was written
UPCOMING = 10


def open_job(article: Article) -> Job | None:
    """The job that writes about the article, or will."""
    return Job.objects.for_subject(article).filter(kind=WRITE, state__in=OPEN).first()


def status(article: Article) -> dict:
    """What the endpoint of the status says: at most four queries."""
    commentary, job = article.commentary, open_job(article)
    answer = {
        "ready": commentary is not None,
        "commentary": commentary.text if commentary else None,
        "generatedAt": commentary.generated_at if commentary else None,
        "source": commentary.source if commentary else None,
    }
    if job:
        answer |= {"jobId": job.pk, "state": job.public_state, "progress": percent(job), "position": position(job)}
    return answer


def percent(job: Job) -> int:
    """How much of the job is done, from 0 to 100."""
    return round(100 * job.progress / job.total) if job.total else 0


def wait_of(job: Job, jobs: int | None = None) -> dict:
    """The estimate of the wait, in words and seconds: for the job, or the last of `jobs` like it."""
    seconds = estimated_seconds(job, jobs, guess=FIRST_GUESS)
    return {"estimatedWaitTime": in_words(seconds), "estimatedSeconds": seconds}


def queue_stats() -> dict:
    """Counts, health and the next ten: a fixed number of queries, however long the line is."""
    entry = next(entry for entry in stats.all_queues() if entry.name == QUEUE)
    waiting = Job.objects.filter(queue=QUEUE, state=JobState.WAITING)
    upcoming = waiting.order_by("priority", "turn", "run_at", "id")[:UPCOMING]
    return {
        "counts": {name: entry.counts[name] for name in ("waiting", "active", "completed", "failed", "delayed")},
        "health": stats.health_of(entry),
        "upcomingJobs": [
            {
                "jobId": job.pk,
                "articleId": job.args.get("article_id"),
                "title": job.subject_label,
                "priority": job.priority,
                "position": place,
            }
            for place, job in enumerate(upcoming, 1)
        ],
    }
