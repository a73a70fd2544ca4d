"""Log lines: to stderr, without prompts and probes."""


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
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_probes"]}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # These log request bodies (prompts) at DEBUG.
            name: {"level": "WARNING"}
            for name in ("openai", "anthropic", "google", "google_genai", "httpx2", "httpcore2", "stripe")
        },
    }
