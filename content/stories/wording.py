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


def left_unread(result: dict | None) -> str:
    """Why a job that has completed with `result` has not enhanced its story; empty when it has."""
    kind = (result or {}).get("errorKind", "")
    return fault(kind) if kind else ""


def fault(kind: str) -> str:
    """Why a story has not been enhanced, by the job's error kind."""
    return FAULTS.get(kind, OTHERWISE)
