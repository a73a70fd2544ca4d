"""What can be watched (a job, the subject of jobs, a line), and signed addresses that open a stream for ten minutes."""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db.models import Model

CHANNEL = "copydesk:live"  # on Redis: topics, a line break, the message
PATH = "/live/"
SALT = "queues.live"
SECONDS = 600


def of_job(job_id: UUID | str) -> str:
    """The topic of one job; a parent's is also told about its children."""
    return f"job:{job_id}"


def of_subject(subject: Model) -> str:
    """The topic of all jobs that are asked for about this object."""
    return f"{subject._meta.label_lower}:{subject.pk}"


def of_queue(name: str) -> str:
    """The topic of a queue's line: places in it, limits, a pause. Told at most once a second (queues/hub.py)."""
    return f"queue:{name}"


def address(*topics: str) -> str:
    """Where the stream of these topics is. Whoever has the address may listen, so check who asks before you tell."""
    return f"{settings.LIVE_URL}{PATH}{signing.dumps(' '.join(topics), salt=SALT)}"


def opened_by(path: str) -> list[str]:
    """The topics that this path opens; none when it was not made by `address`, or too long ago."""
    try:
        return signing.loads(path.removeprefix(PATH), salt=SALT, max_age=SECONDS).split()
    except signing.BadSignature:
        return []
