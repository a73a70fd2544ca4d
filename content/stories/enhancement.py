"""What the job of a story does: ask a model, check its answer, save it beside the local scores. No word of Celery."""

import logging
import time

from django.conf import settings
from django.utils import timezone

from aiproviders.errors import ProviderError
from aiproviders.services import complete
from content.stories import answers, prompts
from content.stories.models import NO_KEY, Story
from queues.errors import Cancelled, Snooze
from queues.running import RunningJob

logger = logging.getLogger(__name__)
MOST_TOKENS = 1500


def enhance(*, story_id: str, job: RunningJob) -> None:
    """Have the story judged by its owner's model, and save the answer with the job's completion.

    Without any model that may judge it, the job completes and the story stays as it is. Raises ProviderError and
    InvalidAnswer, with nothing saved; Cancelled when the story is gone; Snooze when its text has changed meanwhile.
    """
    story = Story.objects.select_related("owner").filter(pk=story_id).first()
    if story is None:
        raise Cancelled("The story is gone.")
    job.progress(0, 2, "asking")
    try:
        found = job.step(f"text-{story.text_version}", lambda: _ask(story, job))
    except ProviderError as error:
        if error.kind != NO_KEY:
            raise
        return _leave_as_it_is(story, job, error)
    job.progress(1, 2, "saving")
    result = {
        "success": True,
        "storyId": str(story.pk),
        "enhancedScores": found["scores"],
        "processingTime": found["milliseconds"],
    }
    with job.completing(result):
        _save(story, found)
    if settings.DEBUG_SCORING:
        scores = found["scores"]
        logger.info(
            "Story %s: hype %s -> %s, ethics %s -> %s (%s, %s)",
            *(story.pk, story.hype_score, scores["hypeScore"], story.ethics_score, scores["ethicsScore"]),
            *(found["model"], prompts.VERSION),
        )


def _leave_as_it_is(story: Story, job: RunningJob, error: ProviderError) -> None:
    """Ends the job of a story that no model may judge now: that is no failure, and its local scores are complete."""
    nothing = {"success": False, "storyId": str(story.pk), "enhancedScores": None, "processingTime": None}
    with job.completing(nothing | {"errorKind": error.kind}):
        Story.objects.filter(pk=story.pk).update(left_because=error.kind)
        job.log(f"Not enhanced, the local scores stand: {error}", level="warning")
    logger.warning("Story %s is not enhanced: %s", story.pk, error)


def _ask(story: Story, job: RunningJob) -> dict:
    """A checked answer, who gave it and how long that took; only such answers are kept for a later attempt."""
    prompt, began = prompts.story_prompt(title=story.title, content=story.content), time.monotonic()
    answer = complete(
        prompt,
        user=story.owner,
        schema=answers.SCHEMA,
        max_tokens=MOST_TOKENS,
        job_id=job.id,
        purpose="stories enhance",
    )
    return {
        "scores": answers.checked(answer.data, source=prompt.source),
        "model": f"{answer.provider}/{answer.model}",
        "milliseconds": int((time.monotonic() - began) * 1000),
    }


def _save(story: Story, found: dict) -> None:
    scores, now = found["scores"], timezone.now()
    saved = Story.objects.filter(pk=story.pk, text_version=story.text_version).update(
        enhanced_hype_score=scores["hypeScore"],
        enhanced_ethics_score=scores["ethicsScore"],
        reality_check=scores["realityCheck"],
        eli5_summary=scores["eli5Summary"],
        enhanced_by=found["model"][:250],
        prompt_version=prompts.VERSION,
        enhanced_at=now,
        updated_at=now,
    )
    if not saved:
        raise Snooze(0, "The story was changed meanwhile; its new text is judged instead.")
