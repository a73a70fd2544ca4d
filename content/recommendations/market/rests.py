"""Services that are left alone for a while because of what they last said; shared by all workers through Redis.

The places are those of the AI providers (aiproviders/benches.py): while Redis is away nothing rests.
"""

from aiproviders import benches
from content.recommendations.market.base import KINDS, MarketError

ALL = "all"
REFUSED_SECONDS = 900.0  # a new key has another fingerprint and does not rest
NOT_SOLD_SECONDS = 3600.0


def require(source: str, fingerprint: str, what: str) -> None:
    """Raise MarketError while the service rests, wholly or for `what` ("quote", "history")."""
    for link in (ALL, what):
        bench = benches.bench_of(source, link, fingerprint)
        if bench is not None and bench.kind in KINDS:
            raise _resting(source, bench)


def note(source: str, fingerprint: str, what: str, error: MarketError) -> None:
    """Let the service rest as the kind of `error` asks for."""
    match error.kind:
        case "rate_limit":
            benches.rest_link(source, ALL, fingerprint, kind=error.kind, seconds=error.retry_after)
        case "auth":
            benches.rest_link(source, ALL, fingerprint, kind=error.kind, seconds=REFUSED_SECONDS)
        case "entitlement":
            benches.rest_link(source, what, fingerprint, kind=error.kind, seconds=NOT_SOLD_SECONDS)
        case "server" | "timeout" | "connection" | "malformed":
            benches.stumbled(source, ALL, fingerprint, kind=error.kind)


def _resting(source: str, bench: benches.Bench) -> MarketError:
    wait = bench.seconds or 0.0
    scope = ("minute" if wait <= 60 else "day") if bench.kind == "rate_limit" else ""
    words = f"it is not asked for another {wait:.0f} s, after an error of this kind"
    wait = None if KINDS[bench.kind] else wait
    return MarketError(bench.kind, words, source=source, retry_after=wait, scope=scope, counts=False)
