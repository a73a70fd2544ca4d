"""Why a link gave no text, what is put to rest for it, and what all the findings of a chain come to."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from aiproviders import benches
from aiproviders.attempt import Attempt
from aiproviders.base import ModelChoice
from aiproviders.errors import ProviderError
from aiproviders.keys import Credential
from aiproviders.policy import RULES, Rest

SPREAD, SPREAD_MOST = 0.1, 60.0  # so that all who wait for one link do not come back in the same second


@dataclass(frozen=True)
class Finding:
    """Why a link gave no text. `wait`: seconds until it may be asked (again); `asked`: did a request leave?"""

    choice: ModelChoice
    error: ProviderError
    wait: float = 0.0
    asked: bool = False


def resting(choice: ModelChoice, bench: benches.Bench) -> Finding:
    """The finding of a link that is not asked now."""
    if bench.seconds is None:
        words = "the key was refused; save it again, or check it"
        return Finding(choice, ProviderError(bench.kind, words, provider=choice.provider))
    words = f"{choice} rests ({bench.kind})"
    return Finding(choice, ProviderError(bench.kind, words, provider=choice.provider), wait=bench.seconds)


def failed(made: Attempt, credential: Credential) -> Finding:
    """The finding of a failed attempt, after the link or its key has been put to rest."""
    provider, model, error = made.choice.provider, made.choice.model, made.failure
    match RULES[error.kind].rest:
        case Rest.LINK:
            benches.rest_link(provider, model, credential.fingerprint, kind=error.kind, seconds=error.retry_after)
        case Rest.STUMBLE:
            benches.stumbled(provider, model, credential.fingerprint, kind=error.kind)
        case Rest.KEY:
            benches.rest_key(provider, credential.fingerprint, kind=error.kind, seconds=error.retry_after)
        case Rest.NOTHING:
            return Finding(made.choice, error, asked=True)
    bench = benches.bench_of(provider, model, credential.fingerprint)
    wait = (bench and bench.seconds) or error.retry_after or 0.0
    return Finding(made.choice, error, wait=wait, asked=True)


def exhausted(findings: Sequence[Finding]) -> ProviderError:
    """What all findings come to: wait for the link that is free first, or fail with the first one's error."""
    waiting = [found for found in findings if RULES[found.error.kind].later]
    decisive = min(waiting, key=lambda found: found.wait) if waiting else findings[0]
    others = [f"{found.choice} ({found.error.kind})" for found in findings if found is not decisive]
    message = decisive.error.message + (f"; also in the chain: {', '.join(others)}" if others else "")
    spread = random.uniform(0, min(decisive.wait * SPREAD, SPREAD_MOST))  # noqa: S311
    error = ProviderError(
        decisive.error.kind,
        message,
        provider=decisive.choice.provider,
        status=decisive.error.status,
        retry_after=decisive.wait + spread if decisive.wait else None,
        permanent=not waiting,
    )
    error.counts = not waiting or any(found.asked for found in findings)
    return error
