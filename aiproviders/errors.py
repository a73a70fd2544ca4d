"""One error for every way in which a provider can fail."""

# kind -> does trying the same again make no sense?
KINDS = {
    "rate_limit": False,
    "overloaded": False,
    "timeout": False,
    "server": False,
    "connection": False,
    "malformed": False,
    "empty": False,
    "truncated": False,
    "auth": True,
    "no_key": True,
    "quota": True,
    "not_found": True,
    "too_large": True,
    "content_filter": True,
    "refusal": True,
    "bad_request": True,
    "budget": True,
}


class ProviderError(Exception):
    """Holds words and numbers only, never a key, a request or a response, so it may be logged, stored and pickled.

    `retry_after` is in seconds; `permanent`: the same request would fail again (None: as the kind says). Raise it
    outside the `except` block of the error it replaces: the SDKs' exceptions carry the request, and `__context__`
    would keep them. `counts` is False when nothing was asked: waiting then uses up none of a job's tries.
    """

    counts = True

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        provider: str = "",
        status: int | None = None,
        retry_after: float | None = None,
        permanent: bool | None = None,
    ) -> None:
        if kind not in KINDS:
            raise ValueError(f"unknown kind of provider error: {kind}")
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.provider = provider
        self.status = status
        self.retry_after = retry_after
        self.permanent = KINDS[kind] if permanent is None else permanent

    def __str__(self) -> str:
        return f"{self.provider or 'provider'}: {self.message} ({self.kind})"

    def __reduce__(self):
        return _rebuild, (self.kind, self.message, vars(self))


def _rebuild(kind: str, message: str, fields: dict) -> ProviderError:
    error = ProviderError(kind, message)
    vars(error).update(fields)
    return error
