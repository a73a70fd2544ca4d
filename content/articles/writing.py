"""Writes an article section by section: plan, ask, repair, link, check, and again while the check complains."""

from collections.abc import Callable
from dataclasses import dataclass, field

from aiproviders import services as aiproviders
from content.articles import outline, prompts
from content.articles.asking import ask
from content.articles.brief import Brief
from content.articles.document import Document, Part, to_markdown
from content.articles.draft import AI, Draft
from content.articles.improving import UNUSABLE, Try, improve
from content.articles.keyword import mention_keyword
from content.articles.linking import place_link, place_related
from content.articles.plan import Plan, Section, make_plan
from content.articles.quality.check import check
from content.articles.repair import Repair, paragraphs_of
from content.texts.sentences import split, words
from queues.errors import Fail
from queues.running import RunningJob

MOST_ASKS = 6  # per section
ENOUGH, ENOUGH_AT_THE_END = 0.8, 0.9  # of a section's budget; later sections make up for what is missing
ROOM = 1.15
LEAST_BUDGET = 30  # words
FEWEST_WORDS = 20  # with less, a section does not deserve its heading


def write_article(brief: Brief, *, job: RunningJob) -> Draft:
    """The article for `brief`, with `job` told of every part: preparing, generating, quality_check, saving.

    Each paid answer is a stored step of the job, so an attempt after a crash asks only for what is missing. Raises
    ProviderError, queues.errors.Fail ("unusable_text") when no model gives a usable text, and what the job's
    checkpoints raise.
    """
    plan = make_plan(brief)
    count = len(plan.sections)
    job.progress(0, count + 3, "preparing")
    choice = aiproviders.first_choice(model=brief.model)
    if not choice.writes_text:
        job.log("No language model is available: this will be an outline, not an article", level="warning")
        return _improved(lambda _: outline.write(brief, plan), brief, job, count)
    if choice.is_demo and brief.notes.strip():
        job.log("The built-in demo model cannot follow notes; they are left out", level="warning")
    ready = f"Outline ready: {count} sections"
    if not job.job.events.filter(message=ready).exists():  # an attempt after a crash does not say it again
        job.log(ready)

    def write(attempt: Try) -> Draft:
        return _Writer(brief, plan, job, choice.is_demo, attempt).article()

    return _improved(write, brief, job, count)


def _improved(write: Callable[[Try], Draft], brief: Brief, job: RunningJob, parts: int) -> Draft:
    return improve(write, lambda draft: check(draft, brief), model=brief.model, job=job, parts=parts)


@dataclass
class _Writer:
    """The text of one try so far, and who wrote it."""

    brief: Brief
    plan: Plan
    job: RunningJob
    is_demo: bool
    attempt: Try
    parts: list[Part] = field(default_factory=list)
    author: tuple[str, str] = ("", "")

    def __post_init__(self):
        self.repair = Repair(self.brief, strict=self.is_demo)

    def article(self) -> Draft:
        """All sections, and the whole."""
        count = len(self.plan.sections)
        for number, section in enumerate(self.plan.sections, start=1):
            # A bar that has come to the check does not go back.
            self.job.progress(number if self.attempt.number == 1 else count + 1, count + 3, "generating")
            written = self.write(number, section)
            self.job.log(f"Section {number} of {count} written, {written} words")
        return self.draft()

    def write(self, number: int, section: Section) -> int:
        """Write section `number` in one or more asks; returns its words."""
        budget, groups = self._budget(number), []
        enough = budget * (ENOUGH_AT_THE_END if number == len(self.plan.sections) else ENOUGH)
        for ask_number in range(1, MOST_ASKS + 1):
            have = _count(groups)
            if have >= enough:
                break
            groups += self.repair.usable(self._answer(number, ask_number, section, budget - have, groups))
        paragraphs = paragraphs_of(groups, most_words=round(budget * ROOM))
        if _count(groups) < FEWEST_WORDS:
            raise Fail(f"The model gave no usable text for section {number}.", kind=UNUSABLE)
        self.parts.append(Part(section.heading, paragraphs))
        return len(words(" ".join(paragraphs)))

    def draft(self) -> Draft:
        """The whole article with the ordered link in its place."""
        carrier = next(number for number, section in enumerate(self.plan.sections) if section.carries_link)
        document = mention_keyword(Document(self.plan.title, tuple(self.parts)), self.brief.keyword)
        document = place_related(place_link(document, self.brief, part=carrier), self.brief)
        provider, model = self.author
        return Draft(self.plan.title, to_markdown(document), provider, model, AI, self.is_demo, prompts.VERSION)

    def _answer(self, number: int, ask_number: int, section: Section, missing: int, groups: list[list[str]]) -> str:
        name = f"section-{number}" + (f"-more-{ask_number - 1}" if ask_number > 1 else "")
        if self.is_demo:  # a later attempt with a real model must not finish this text, and not under its own name
            name = f"demo-{name}"
        stored = self.job.step(
            self.attempt.step(name),
            lambda: ask(
                self.brief,
                section,
                words=max(missing, FEWEST_WORDS * 2),
                tail=self._tail(groups),
                begun=bool(groups),
                is_demo=self.is_demo,
                job=self.job,
                purpose=f"{self.job.job.queue} {name}",
                attempt=self.attempt,
            ),
        )
        self.author = (stored["provider"], stored["model"]) if stored["text"] else self.author
        return stored["text"]

    def _budget(self, number: int) -> int:
        """What is left of the whole budget, shared among the sections that are left."""
        whole = sum(section.words for section in self.plan.sections)
        written = sum(len(words(" ".join(part.paragraphs))) for part in self.parts)
        return max(LEAST_BUDGET, round((whole - written) / (len(self.plan.sections) - number + 1)))

    def _tail(self, groups: list[list[str]]) -> str:
        if self.is_demo:  # it would rewrite the tail instead of going on
            return ""
        if groups:
            return groups[-1][-1]
        return split(self.parts[-1].paragraphs[-1])[-1] if self.parts else ""


def _count(groups: list[list[str]]) -> int:
    return sum(len(words(sentence)) for group in groups for sentence in group)
