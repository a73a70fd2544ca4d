"""What a job's code may raise to say what should happen next. Anything else is retried by the queue's policy."""


class Retry(Exception):
    """Try again after `after` seconds, at most a year (None: the queue's back-off). `counts=False` uses up no try."""

    def __init__(self, message: str = "", *, after: float | None = None, counts: bool = True):
        super().__init__(message or "retry asked for")
        self.retry_after = after
        self.counts = counts


class Snooze(Retry):
    """Put back for `seconds` without using up an attempt."""

    def __init__(self, seconds: float, message: str = "snoozed"):
        super().__init__(message, after=seconds, counts=False)


class Fail(Exception):
    """No attempt can succeed: the job fails at once."""

    permanent = True

    def __init__(self, message: str, *, kind: str = "failed"):
        super().__init__(message)
        self.kind = kind


class Cancelled(Exception):
    """Somebody asked to stop this job."""


class Superseded(Exception):
    """This attempt is no longer the job's current one; whatever it does must have no effect."""


class TimedOut(Exception):
    """The attempt ran longer than its queue allows; it counts, and the job is tried again."""

    kind = "timeout"


class InvalidJob(ValueError):
    """A request that cannot become a job; `field` names the argument that is wrong."""

    def __init__(self, field: str, message: str):
        super().__init__(f"{field}: {message}")
        self.field = field
