"""What can be watched, a job or the subject of jobs, and the signed address that opens its stream for ten minutes."""

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


def address(topic: str) -> str:
    """Where the topic's stream is. Whoever has the address may listen, so check who asks before giving it away."""
    return f"{settings.LIVE_URL}{PATH}{signing.dumps(topic, salt=SALT)}"


def opened_by(path: str) -> str | None:
    """The topic that this path opens; None when it was not made by `address`, or too long ago."""
    try:
        return signing.loads(path.removeprefix(PATH), salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return None
