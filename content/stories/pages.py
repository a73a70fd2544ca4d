"""What the page of one story shows. Reads only."""

from dataclasses import dataclass

from content.stories import selectors, wording
from content.stories.models import Story
from queues.models import Job
from queues.selectors import position
from queues.states import OPEN, JobState


@dataclass(frozen=True)
class Gauge:
    """One score from 0 to 10, as an arc: `dash` is its share of a path that is 100 long."""

    label: str
    by: str
    value: float

    @property
    def dash(self) -> str:
        return f"{self.value * 10:g} 100"


@dataclass(frozen=True)
class StoryPage:
    """`place` is 1 for the next in line, None when not waiting."""

    story: Story
    job: Job | None
    place: int | None

    @property
    def is_moving(self) -> bool:
        return self.job is not None and self.job.state in OPEN

    @property
    def has_failed(self) -> bool:
        return self.job is not None and self.job.state == JobState.FAILED

    @property
    def tags(self) -> list[str]:
        return [tag.name for tag in self.story.tags.all()]

    @property
    def words(self) -> str:
        """Where the enhancement stands, in a sentence; also what is said to those who cannot see it."""
        if self.is_moving:
            if self.place:
                return f"Number {self.place} in line for a closer look."
            if self.job.state == JobState.DELAYED:
                return "The last try did not work out. The next one starts by itself."
            return "A language model is reading the story."
        if self.story.is_enhanced and not self.has_failed:
            return "A language model has read the story."
        if self.has_failed:
            return f"{wording.fault(self.job.error_kind)} What was found before stands."
        left = wording.left_unread(self.job.result) if self.job else ""
        return left or "No language model has read the story."

    @property
    def gauges(self) -> list[Gauge]:
        story = self.story
        found = [("Hype", "by its words", story.hype_score), ("Ethics", "by its words", story.ethics_score)]
        if story.is_enhanced:
            found.insert(1, ("Hype", "by the model", story.enhanced_hype_score))
            found.append(("Ethics", "by the model", story.enhanced_ethics_score))
        return [Gauge(*gauge) for gauge in found]

    @property
    def evidence(self) -> list[tuple[str, list[dict]]]:
        return [("Hype", self.story.evidence.get("hype", [])), ("Ethics", self.story.evidence.get("ethics", []))]


def story_page(story: Story) -> StoryPage:
    """Two queries, or three while the story waits in line."""
    job = selectors.current_job(story)
    waits = job is not None and job.state in OPEN and job.state != JobState.DELAYED
    return StoryPage(story, job, position(job) if waits else None)
