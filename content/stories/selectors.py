"""Reading stories, the jobs that enhance them, and how many of those there are."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from aiproviders import keys
from content.stories.models import ImpactTag, Story, StoryQuerySet
from content.stories.services import ENHANCE
from queues.models import Job
from queues.states import FINAL, IN_LINE, OPEN, JobState

JOB_PREFIX = "story-enhancement-"
QUEUE = "stories"


@dataclass(frozen=True)
class Stats:
    """Jobs of the queue that are still kept; `total` leaves out cancelled ones."""

    pending: int
    completed: int
    failed: int
    in_line: int
    openai_configured: bool

    @property
    def total(self) -> int:
        return self.pending + self.completed + self.failed


def story_by_id(story_id: UUID | str) -> Story | None:
    """The story with its tags; None for an id of no story."""
    return Story.objects.prefetch_related("tags").filter(pk=story_id).first()


def stories(user, *, tags: tuple[str, ...] = (), enhanced: bool | None = None, **bounds) -> StoryQuerySet:
    """Stories that this user may list, with all of `tags`; `bounds` are look-ups such as hype_score__gte."""
    found = Story.objects.visible_to(user).prefetch_related("tags").filter(**bounds)
    for tag in tags:
        found = found.filter(pk__in=ImpactTag.objects.filter(name=tag).values("story"))
    return found if enhanced is None else found.filter(enhanced_at__isnull=not enhanced)


def job_by_id(job_id: str) -> Job | None:
    """The enhancement called `job_id`: "story-enhancement-<id of the story>" for its last, or the id of the job."""
    of_story = job_id.startswith(JOB_PREFIX)
    try:
        wanted = UUID(job_id.removeprefix(JOB_PREFIX))
    except ValueError:
        return None
    jobs = Job.objects.filter(kind=ENHANCE)
    if not of_story:
        return jobs.filter(pk=wanted).first()
    return jobs.filter(pk__in=Story.objects.filter(pk=wanted).values("current_job")).first()


def current_job(story: Story) -> Job | None:
    """The last job that was asked to enhance this story; None when it is pruned."""
    return Job.objects.filter(pk=story.current_job).first() if story.current_job else None


def stats(user) -> Stats:
    """The numbers of the queue for `user`, in one query, and whether an OpenAI key would pay for this user."""
    ended = {"finished_at__isnull": False}  # as the index of ended jobs wants it
    arms = [
        Job.objects.filter(queue=QUEUE, kind=ENHANCE, state=state, **(ended if state in FINAL else {}))
        for state in JobState
    ]
    counts = _counted(arms)
    return Stats(
        pending=sum(counts[state] for state in OPEN),
        completed=counts[JobState.COMPLETED],
        failed=counts[JobState.FAILED],
        in_line=sum(counts[state] for state in (*IN_LINE, JobState.DISPATCHED)),
        openai_configured=has_openai_key(user),
    )


def _counted(arms: list) -> dict[str, int]:
    counted = [arm.order_by().values_list("state").annotate(count=Count("*")) for arm in arms]
    return dict.fromkeys(JobState, 0) | dict(counted[0].union(*counted[1:], all=True))


def has_openai_key(user) -> bool:
    """Whether there is a key for OpenAI that this user may spend, the own or the house's; anybody may ask."""
    own = user.is_authenticated and keys.has_own("openai", user=user)
    return own or "openai" in keys.lent_to(user)
