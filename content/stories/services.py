"""What can be asked of stories: making, changing and scoring one. The local scores are there when these return."""

import logging
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction

from content.stories import scoring
from content.stories.models import MOST_TAGS, ImpactTag, Story, StoryQuerySet
from queues.models import Job
from queues.services import enqueue

logger = logging.getLogger(__name__)
ENHANCE = "stories.enhance"
NEW, AGAIN = 5, 8  # priorities: what is scored again lets what is new go first
TEXT_FIELDS = ("title", "content")


@transaction.atomic
def create_story(
    *, owner, title: str, content: str, sector_tag: str = "", impact_tags: Sequence[str] = ()
) -> tuple[Story, Job]:
    """A story with its local scores, and the job that will enhance it.

    Raises django's ValidationError with a `message_dict` when a value does not fit; nothing is stored then.
    """
    story = Story(owner=owner, title=title, content=content, sector_tag=sector_tag)
    _score(story)
    story.clean_fields()
    story.save(force_insert=True)
    _save_tags(story, impact_tags)
    return story, request_enhancement(story)


@transaction.atomic
def edit_story(story_id, *, impact_tags: Sequence[str] | None = None, **changes: str) -> Story:
    """Change a story by `changes` of title, content and sector_tag, and the tags unless None.

    A new text is scored and enhanced anew; what a model said of the old one is dropped. Raises Story.DoesNotExist, and
    ValidationError as create_story does.
    """
    # Locked before the job is looked up: an enhancement either ends first, or finds the new text.
    story = Story.objects.select_for_update().get(pk=story_id)
    is_new = any(name in changes and changes[name] != getattr(story, name) for name in TEXT_FIELDS)
    for name, value in changes.items():
        setattr(story, name, value)
    if is_new:
        story.text_version += 1
        _forget_enhancement(story)
        _score(story)
    story.clean_fields()
    story.save()
    if impact_tags is not None:
        story.tags.all().delete()
        _save_tags(story, impact_tags)
    if is_new:
        request_enhancement(story)
    return story


@transaction.atomic
def request_enhancement(story: Story, *, priority: int = NEW) -> Job:
    """Ask the queue to have the story enhanced; while that is asked for already, the job that does it."""
    # The story is locked before a job is written, here as in edit_story: one order, no deadlock.
    Story.objects.select_for_update().filter(pk=story.pk).values_list("pk").first()
    job = enqueue(
        ENHANCE,
        args={"story_id": str(story.pk)},
        priority=priority,
        dedupe_key=f"story:{story.pk}",
        subject=story,
        owner=story.owner,
    )
    Story.objects.filter(pk=story.pk).update(current_job=job.pk, left_because="")
    story.current_job, story.left_because = job.pk, ""
    return job


def rescore(stories: StoryQuerySet) -> int:
    """Compute the local scores with today's lexicon and ask for new enhancements; the number of stories.

    What a model said stays until a new answer replaces it.
    """
    done = 0
    for story_id in list(stories.values_list("pk", flat=True)):
        with transaction.atomic():
            story = Story.objects.select_for_update().select_related(None).filter(pk=story_id).first()
            if story is None:
                continue
            _score(story)
            story.save(update_fields=["hype_score", "ethics_score", "evidence", "lexicon_version", "updated_at"])
            request_enhancement(story, priority=AGAIN)
        done += 1
    return done


def _score(story: Story) -> None:
    scores = scoring.score(story.title, story.content)
    story.hype_score, story.ethics_score = scores.hype, scores.ethics
    story.evidence, story.lexicon_version = scores.evidence, scores.version
    if settings.DEBUG_SCORING:
        words = {
            topic: " ".join(f"{line['word']}={line['points']}" for line in lines)
            for topic, lines in scores.evidence.items()
        }
        line = "Story %s (%s): hype %s [%s], ethics %s [%s]"
        logger.info(
            line, story.pk, scores.version, scores.hype, words["hype"] or "-", scores.ethics, words["ethics"] or "-"
        )


def _forget_enhancement(story: Story) -> None:
    story.enhanced_hype_score = story.enhanced_ethics_score = story.enhanced_at = None
    story.reality_check = story.eli5_summary = story.enhanced_by = story.prompt_version = ""


def _save_tags(story: Story, names: Iterable[str]) -> None:
    """Each tag once, whatever its case; the first spelling stays."""
    unique: dict[str, str] = {}
    for name in names:
        unique.setdefault(name.casefold(), name)
    tags = [ImpactTag(story=story, name=name) for name in list(unique.values())[:MOST_TAGS]]
    for tag in tags:
        tag.clean_fields(exclude=["story"])
    ImpactTag.objects.bulk_create(tags)
