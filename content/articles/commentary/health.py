"""Whether commentary can be written now: each part with a reason that helps."""

from django.db import Error, connection

from aiproviders import services as aiproviders
from aiproviders.errors import ProviderError
from content import cache
from queues import selectors

REASONS = {
    "broker": "Redis does not answer: jobs are stored, and start when it is back.",
    "worker": "No worker has shown a sign of life in the last 30 seconds.",
    "dispatcher": "Nobody releases jobs: is a worker running?",
}


def check() -> dict[str, dict]:
    """{"database": {"ok", "reason"}, "broker": ..., "cache", "workers", "provider"}; never raises."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        parts, model = selectors.health(), _model()
    except Error:
        away = "The database does not answer."
        return {"database": _part(away)} | dict.fromkeys(("broker", "cache", "workers", "provider"), _part(away))
    return {
        "database": _part(""),
        "broker": _part("" if parts["broker"] else REASONS["broker"]),
        "cache": _part("" if cache.available() else "The cache does not answer: every read asks the database."),
        "workers": _part(next((REASONS[name] for name in ("worker", "dispatcher") if not parts[name]), "")),
        "provider": _part(model),
    }


def _model() -> str:
    """Why no model writes; empty if one does. Looks whether there is a key, without using it."""
    try:
        choice = aiproviders.default_model()
    except ProviderError as error:
        return f"The configured model cannot be used: {error.message}."
    return "" if choice.writes_text else "No key for a language model: readers get labelled extracts."


def _part(reason: str) -> dict:
    return {"ok": not reason, "reason": reason}
