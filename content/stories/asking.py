"""Stories that no model has read because no key was set: asking for all of them again, when one is."""

from django.db import transaction

from aiproviders.errors import ProviderError
from aiproviders.services import check_keys
from content.stories.models import Story
from content.stories.selectors import QUEUE
from content.stories.services import AGAIN, ENHANCE, request_enhancement
from queues import dead_letters
from queues.models import Job
from queues.running import RunningJob
from queues.services import enqueue

ASK_AGAIN = "stories.ask_again"
AT_ONCE = 100  # stories between two looks at whether somebody has asked the job to stop


def house_has_key() -> bool:
    """Whether the house has a key for a model that may judge stories; their owners may have others."""
    try:
        check_keys(demo_allowed=False)
    except ProviderError:
        return False
    return True


def forecast(count: int) -> dead_letters.Forecast:
    """What so many enhancements mean; those in line already go first."""
    return dead_letters.forecast_of(Job(kind=ENHANCE, queue=QUEUE), count)


def ask_again(*, by) -> Job:
    """The job that asks for all of them; asked for again meanwhile, the same one."""
    return enqueue(ASK_AGAIN, args={}, dedupe_key=ASK_AGAIN, owner=by)


def ask_for_all(running: RunningJob) -> int:
    """Ask for their enhancements, each story once and behind those that are new; the number of stories."""
    stories = Story.objects.without_key().order_by("pk")
    done, asked, total = 0, 0, stories.count()
    while chunk := list(stories.values_list("pk", flat=True)[:AT_ONCE]):
        running.progress(done, total, "asking")
        asked += sum(_ask(story_id) for story_id in chunk)
        done += len(chunk)
        stories = stories.filter(pk__gt=chunk[-1])
    running.progress(done, total, "asking")
    return asked


@transaction.atomic
def _ask(story_id) -> bool:
    """False when somebody else was first, or the story is gone."""
    story = Story.objects.without_key().select_for_update().filter(pk=story_id).first()
    if story is not None:
        request_enhancement(story, priority=AGAIN)
    return story is not None
