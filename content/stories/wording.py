"""What the page of a story says about its enhancement, and why there is none."""

FAULTS = {
    "no_key": "No language model is set up for this story.",
    "auth": "The language model's key was refused.",
    "quota": "The language model's account has no credit left.",
    "budget": "The daily budget for language models is used up.",
    "invalid_answer": "The language model's answers broke our rules.",
    "malformed": "The language model's answers could not be read.",
    "content_filter": "The language model's provider held its answer back.",
    "refusal": "The language model refused to judge this story.",
    "too_large": "The story is too long for the language model.",
}
OTHERWISE = "The language model could not be reached."


def fault(kind: str) -> str:
    """Why a story has not been enhanced, by the job's error kind."""
    return FAULTS.get(kind, OTHERWISE)


def about(seconds: int) -> str:
    """A range around an estimate: "10-25 seconds", "2-4 minutes"."""
    size, step, unit = (1, 5, "seconds") if seconds <= 60 else (60, 1, "minutes")
    shortest = max(int(seconds * 0.7 / size) // step * step, step)
    longest = max(-(-int(seconds * 1.5 / size) // step) * step, shortest + step)
    return f"{shortest}-{longest} {unit}"
