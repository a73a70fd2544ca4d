"""Does OpenAI answer with the key that would pay for this user's stories? Asked by a job, told from its result.

Anonymous callers, as the users' own monitoring is, are told about the house's key if it is lent to everybody.
"""

import datetime
from dataclasses import dataclass

from django.contrib.auth import get_user_model

from aiproviders import checks, keynotes
from content.stories.selectors import has_openai_key
from content.stories.tasks import TEST_OPENAI
from queues import clock
from queues.models import Job
from queues.services import enqueue
from queues.states import OPEN, JobState

FRESH = datetime.timedelta(seconds=10)  # whoever asks again sooner is told what was just found
FRESH_FOR_ALL = datetime.timedelta(seconds=60)


@dataclass(frozen=True)
class Tested:
    """`status`: ok, failed or checking. `latency` in milliseconds."""

    configured: bool
    status: str
    reason: str = ""
    kind: str = ""
    latency: int | None = None
    checked_at: datetime.datetime | None = None
    job: Job | None = None


def ask(user) -> Tested:
    """What the last test found if that was just now; otherwise a new one is asked for. `user` may be anonymous."""
    if not has_openai_key(user):
        return Tested(False, "failed", checks.advice("no_key"), "no_key")
    owner = user if user.is_authenticated else None
    last = Job.objects.filter(kind=TEST_OPENAI, owner=owner).order_by("-id").first()
    if last and last.finished_at and last.finished_at > clock.now() - (FRESH if owner else FRESH_FOR_ALL):
        return _told(last)
    if last is None or last.state not in OPEN:
        last = enqueue(
            TEST_OPENAI, args={"user_id": user.pk}, priority=1, dedupe_key=f"stories-test:{user.pk}", owner=owner
        )
    return Tested(True, "checking", job=last)


def run(*, user_id: int | None) -> dict:
    """The job's work: at most 10 seconds; its result says nothing of the key."""
    user = get_user_model().objects.get(pk=user_id) if user_id else None
    found = checks.check("openai", user=user)
    return {"ok": found.ok, "kind": found.kind, "milliseconds": found.milliseconds}


def _told(job: Job) -> Tested:
    done = job.state == JobState.COMPLETED
    result = job.result if done else {"ok": False, "kind": keynotes.CHECK_LOST, "milliseconds": None}
    return Tested(
        configured=True,
        status="ok" if result["ok"] else "failed",
        reason=checks.advice(result["kind"]),
        kind=result["kind"],
        latency=result["milliseconds"],
        checked_at=job.finished_at,
        job=job,
    )
