"""What the page of an article shows of its commentary."""

import datetime
from dataclasses import dataclass

from content.articles.commentary import opinions
from content.articles.commentary.selectors import open_job, wait_of
from content.articles.models import Article, Source
from queues.models import Job
from queues.selectors import position
from queues.states import JobState


@dataclass(frozen=True)
class Part:
    """`label` says who wrote it. `news` is what happens now, empty when nothing does; `can_ask`: there is reason to.

    `opinion` is the reader's own vote.
    """

    paragraphs: tuple[str, ...] = ()
    label: str = ""
    is_ai: bool = False
    is_demo: bool = False
    model: str = ""
    generated_at: datetime.datetime | None = None
    opinion: bool | None = None
    news: str = ""
    can_ask: bool = True

    @property
    def words(self) -> str:
        """For the live line, and for those who cannot see what changed."""
        return self.news or ("The commentary is here." if self.paragraphs else "There is no commentary yet.")


def commentary_part(article: Article, reader: str) -> Part:
    """At most six queries."""
    job, commentary = open_job(article), article.commentary
    news = _news(job) if job else ""
    if commentary is None:
        return Part(news=news, can_ask=job is None)
    is_ai = commentary.source != Source.FALLBACK
    return Part(
        paragraphs=tuple(commentary.text.split("\n\n")),
        label="Written by AI" if is_ai else "Automatic extract, not written by AI",
        is_ai=is_ai,
        is_demo=commentary.is_demo,
        model=commentary.model,
        generated_at=commentary.generated_at,
        opinion=opinions.opinion(commentary, reader),
        news=news,
        can_ask=job is None and not is_ai,
    )


def _news(job: Job) -> str:
    if job.state == JobState.DELAYED:
        return "The last try did not work out. The next one starts by itself."
    if place := position(job):
        wait = wait_of(job)
        if wait["estimatedSeconds"] is None:
            return f"A commentary is asked for: number {place} in line. Work is paused at the moment."
        return f"A commentary is asked for: number {place} in line, {wait['estimatedWaitTime']}."
    return "A commentary is being written."
