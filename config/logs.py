"""Log lines: to stderr, without prompts, probes and keys that somebody put into an address."""

import logging

from config.redaction import one_line


class NoSecrets(logging.Filter):
    """Django logs the path of every request that it refuses, and names hosts and fields that clients made up."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django") and isinstance(record.args, tuple):
            record.args = tuple(one_line(arg) if isinstance(arg, str) else arg for arg in record.args)
            record.msg = one_line(record.msg) if isinstance(record.msg, str) else record.msg
        if record.name.startswith("django.security") or (
            record.name == "django.request" and record.levelno < logging.ERROR
        ):
            record.exc_info = record.exc_text = None  # repeats the line and what was sent
        return True


class _HasKind(type):
    def __instancecheck__(cls, error: object) -> bool:
        return isinstance(error, Exception) and bool(getattr(error, "kind", ""))


class NamedEnd(metaclass=_HasKind):
    """What a job ends with when it is no fault of the code: any exception whose `kind` says what happened, which is
    what the ledger stores (queues/failure.py)."""


def settings(level: str) -> dict:
    """The value of Django's LOGGING."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s", "datefmt": "%H:%M:%S"}},
        "filters": {
            # "Not ready yet" is what /readyz is for, not an error.
            "no_probes": {
                "()": "django.utils.log.CallbackFilter",
                "callback": lambda line: "/readyz" not in str(line.args),
            },
            "no_secrets": {"()": NoSecrets},
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_probes", "no_secrets"]}
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # The access log of `manage.py runserver`, whose own handler knows no filter.
            "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        }
        | {
            # These log request bodies (prompts) at DEBUG.
            name: {"level": "WARNING"}
            for name in ("openai", "anthropic", "google", "google_genai", "httpx2", "httpcore2", "stripe")
        },
    }
