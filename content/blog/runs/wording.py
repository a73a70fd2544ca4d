"""What a run does, or how it ended, in a sentence."""

from content.blog.models import Run
from content.blog.models.run import Ending
from content.blog.runs.progress import SCHEDULED, STOPPING, WAITING, Progress, state_of
from content.blog.runs.services import stopping_words
from queues.stats import why_waiting


def what_happens(run: Run, progress: Progress) -> str:
    """For the page, the live line and the API."""
    state = state_of(run)
    if state == STOPPING:
        return stopping_words(run)
    if state == SCHEDULED:
        when = f"{run.job.run_at:%-d %B at %H:%M} UTC"
        return f"{made(progress)} so far, at most {run.most_a_day} a day. The next round begins on {when}."
    if state == WAITING:
        return f"Waiting in line. {why_waiting(run.job)}".strip()
    if state == Ending.FAILED:
        return f"No titles could be chosen. {run.job.error_message if run.job else ''}".strip()
    if state in Ending.values:
        return f"{Ending(state).label}: {made(progress)}."
    if not run.job.handed_over:
        return "Choosing titles."
    return f"{progress.completed} of {progress.posts} written."


def made(progress: Progress) -> str:
    """ "10 written, 1 failed, 3 skipped"."""
    counts = (("failed", progress.failed), ("skipped", progress.skipped))
    return ", ".join([f"{progress.completed} written", *(f"{count} {word}" for word, count in counts if count)])
