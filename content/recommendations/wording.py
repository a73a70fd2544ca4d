"""What is said about a request that waits, is worked on, or has failed."""

from queues.models import Job
from queues.states import JobState

STARTED = "Recommendation generation started. Use /api/results/{} to check progress."
PENDING = "The request waits in line."
PROCESSING = "Recommendation generation in progress..."
STAGES = {
    "prices": "Prices are being fetched.",
    "choosing": "Instruments are being chosen.",
    "writing": "The reasons are being written and checked.",
}
FAULTS = {
    "no_prices": "There are no usable prices for the chosen sectors. Ask again with other sectors.",
    "cancelled": "The request was cancelled. Ask again if you still want it.",
    "poison": "The work was interrupted too often. Ask again in a while.",
}
OTHERWISE = "Something went wrong on our side. Nothing was computed; ask again in a while."
GONE = "There is no such request. Results are deleted after {}."


def fault(job: Job | None) -> str:
    """Why there is no answer, and what to do."""
    if job is not None and job.state == JobState.CANCELLED:
        return FAULTS["cancelled"]
    return FAULTS.get(job.error_kind if job else "", OTHERWISE)


def gone(seconds: int) -> str:
    """For whoever asks for an id that is unknown, another's, or past: it must be the same for all three."""
    return GONE.format(f"{seconds // 3600} hours" if seconds % 3600 == 0 else f"{seconds} seconds")
