"""A text until it passes the quality check: three tries with what was wrong said to the model, then another model."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from aiproviders import services as aiproviders
from aiproviders.errors import ProviderError
from content.articles.draft import Draft
from content.texts.report import QualityReport
from queues.errors import Fail
from queues.models import Queue
from queues.running import RunningJob

TRIES = 3  # of the first model; another one gets one
UNUSABLE = "unusable_text"


@dataclass(frozen=True)
class Try:
    """`complaints` are what was wrong with the text before; `models` are asked in this order instead of `model` (None:
    the usual one) and those after it."""

    model: str | None
    number: int = 1
    complaints: tuple[str, ...] = ()
    models: tuple[str, ...] = ()

    def step(self, name: str) -> str:
        """The name of a stored step of this try."""
        return name if self.number == 1 else f"{name}, try {self.number}"

    @property
    def chain(self) -> dict:
        """Who is asked, as `complete` wants it."""
        return {"model": self.models[0], "fallbacks": self.models[1:]} if self.models else {"model": self.model}


def improve(
    write: Callable[[Try], Draft],
    check: Callable[[Draft], QualityReport],
    *,
    model: str | None,
    job: RunningJob,
    parts: int,
) -> Draft:
    """The first draft that `check` finds nothing to block or revise in, else the best one: its report is for people.

    `model` is asked first, None: the usual one. The built-in model is asked once, as it cannot follow complaints.
    `parts` is how many parts of the job `write` tells of. Raises Fail("unusable_text") when no try gave a text, and
    ProviderError when there is no text yet or a later try of the job may give a better one.
    """
    best: tuple[tuple[int, int], Draft] | None = None
    choice = aiproviders.first_choice(model=model)
    author, tries = (choice.provider, choice.model), 1 if choice.is_demo else TRIES
    attempt: Try | None = Try(model)
    while attempt:
        complaints: tuple[str, ...] = ()
        try:
            draft = write(attempt)
        except (Fail, ProviderError) as error:
            if not _may_go_on(error, job, has_text=best is not None):
                raise
            job.log(f"Try {attempt.number} gave no usable text", level="warning")  # customers read it
            if isinstance(error, ProviderError):
                break
        else:
            report = _checked(check, draft, attempt, tries, job, parts)
            complaints, author = report.complaints, (draft.provider, draft.model)
            score = (len(report.blocking), len(complaints))
            best = min(best or (score, draft), (score, draft), key=lambda scored: scored[0])
            if not complaints:
                break
        attempt = _next(attempt, tries, complaints, author, is_needed=best is None or best[0][0] > 0)
    if best is None:
        raise Fail("No model gave a usable text.", kind=UNUSABLE)
    job.progress(parts + 2, parts + 3, "saving")
    return best[1]


def _next(
    attempt: Try, tries: int, complaints: tuple[str, ...], author: tuple[str, str], *, is_needed: bool
) -> Try | None:
    """The next try: with `complaints` to follow (an unusable answer leaves none), else by another model if there is no
    text that may be delivered."""
    if complaints and attempt.number < tries and not attempt.models:
        return replace(attempt, number=attempt.number + 1, complaints=complaints)
    if attempt.models or tries == 1 or not is_needed:
        return None
    others = aiproviders.other_models(*author)
    return replace(attempt, number=attempt.number + 1, complaints=complaints, models=tuple(others)) if others else None


def _checked(
    check: Callable[[Draft], QualityReport], draft: Draft, attempt: Try, tries: int, job: RunningJob, parts: int
) -> QualityReport:
    of = f" (try {attempt.number} of {max(tries, attempt.number)})" if tries > 1 else ""
    job.progress(parts + 1, parts + 3, f"quality_check{of}")
    report = check(draft)
    missed = "; ".join(found.label for found in report.findings if not found.ok)
    found = f"Quality check: {report.passed} of {report.total} rules passed{of if attempt.number > 1 else ''}"
    job.log(f"{found}. Missed: {missed}" if missed else found)
    return report


def _may_go_on(error: Fail | ProviderError, job: RunningJob, *, has_text: bool) -> bool:
    """An unusable answer is a failed try; a provider's error ends them if there is a text, and no later attempt."""
    if isinstance(error, Fail):
        return error.kind == UNUSABLE
    last = job.job.attempts_made + 1 >= Queue.objects.policy_of(job.job.queue)["max_attempts"]
    return has_text and (error.permanent or last)
