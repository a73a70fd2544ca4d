"""Asks one model after another until one has written the text; what follows a failure stands in policy.py."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from aiproviders import benches, budgets, journal, keynotes, keys, limits, prices, registry
from aiproviders.attempt import Attempt, attempt
from aiproviders.base import ModelChoice, Prompt
from aiproviders.errors import ProviderError
from aiproviders.findings import Finding, exhausted, failed, resting
from aiproviders.keys import Credential
from aiproviders.models.catalogue import LanguageModel
from aiproviders.policy import RULES, Next

MOST_ATTEMPTS = 4  # a timeout may be paid for all the same


@dataclass(frozen=True)
class Request:
    """One text that somebody wants, with what must be kept to. `deadline` in seconds for each attempt."""

    prompt: Prompt
    schema: dict | None
    deadline: float
    max_tokens: int
    user: object = None
    job_id: UUID | None = None
    purpose: str = ""
    budgets: Mapping[str, Decimal] = field(default_factory=dict)

    @cached_property
    def tokens(self) -> int:
        """What the prompt takes up at most; counted only when a limit or a budget asks."""
        return prices.tokens_at_most(self.prompt, self.schema)


class Chain:
    """One run along the links. `give_back` returns the database connection, before every call."""

    def __init__(self, request: Request, links: Sequence[ModelChoice], give_back: Callable[[], None]) -> None:
        self.request, self.links, self.give_back = request, links, give_back
        self.findings: list[Finding] = []
        self.attempts = 0

    def run(self) -> Attempt:
        """The first attempt that gave a whole answer; raises ProviderError when there is none."""
        for number, choice in enumerate(self.links, start=1):
            if self.attempts < MOST_ATTEMPTS and self._may_follow(choice):
                made = self._ask(number, choice)
                if made is not None:
                    return made
        raise exhausted(self.findings)

    def _may_follow(self, choice: ModelChoice) -> bool:
        """Whether `choice` may be asked after what was found so far."""
        for found in self.findings:
            match RULES[found.error.kind].next:
                case Next.NO:
                    return False
                case Next.IF_ALLOWED if not settings.AI_FALLBACK_AFTER_REFUSAL:
                    return False
                case Next.LARGER if not _is_larger(choice, found.choice):
                    return False
        return True

    def _ask(self, number: int, choice: ModelChoice) -> Attempt | None:
        """The link's answer; None, with a finding, when it has none."""
        failure = None
        try:
            credential = keys.resolve(choice.provider, user=self.request.user, hurried=True)
        except ProviderError as error:
            failure = error
        if failure is not None:
            self._record(Attempt(choice, failure=failure), number, "none")
            self.findings.append(Finding(choice, failure))
            return None
        if bench := benches.bench_of(choice.provider, choice.model, credential.fingerprint):
            self.findings.append(resting(choice, bench))
            return None
        for max_tokens in (self.request.max_tokens, 2 * self.request.max_tokens):
            made = self._attempt(number, choice, credential, max_tokens)
            if made is None or made.failure is None:
                return made
            # The demo model either stops by itself or never does.
            if not RULES[made.outcome].again or choice.is_demo or self.attempts == MOST_ATTEMPTS:
                break
        self.findings.append(failed(made, credential))
        return None

    def _attempt(self, number: int, choice: ModelChoice, credential: Credential, max_tokens: int) -> Attempt | None:
        """One call, paid and recorded, whatever comes of it; None, with a finding, when a limit holds it back."""
        request, taken = self.request, limits.Taken()
        room = max_tokens + registry.entry(choice.provider).thinking_tokens
        reservation = self._reserve(choice, credential.scope, room)  # first: who cannot pay takes nothing from others
        if limits.hold(choice.provider):
            taken = limits.take(choice.provider, credential.fingerprint, tokens=request.tokens + room)
        if taken.wait:
            if reservation:
                budgets.settle(reservation, Decimal(0))
            message = f"{choice} has used up what its key may do in a minute"
            error = ProviderError("rate_limit", message, provider=choice.provider)
            self.findings.append(Finding(choice, error, wait=taken.wait))
            return None
        self.give_back()
        how = {"schema": request.schema, "deadline": request.deadline, "max_tokens": max_tokens}
        made = attempt(choice, request.prompt, key=credential.secret, **how)
        self.attempts += 1
        self._record(made, number, credential.scope)
        if reservation:
            budgets.settle(reservation, made.charged)
        if taken.call and made.tokens is not None:
            limits.correct(taken, tokens=made.tokens)
        keynotes.note(credential, made.outcome)
        return made

    def _reserve(self, choice: ModelChoice, scope: str, room: int) -> budgets.Reservation | None:
        request = self.request
        held = {who: limit for who, limit in request.budgets.items() if who != budgets.HOUSE or scope == "house"}
        if not held or scope == "none" or prices.is_free(choice.provider):  # without a key nobody can be charged
            return None
        at_most = prices.at_most(choice.provider, choice.model, request.tokens, room, at=timezone.now())
        return budgets.reserve(held, at_most)

    def _record(self, made: Attempt, number: int, scope: str) -> None:
        request = self.request
        journal.record(
            made, user=request.user, job_id=request.job_id, purpose=request.purpose, key_scope=scope, link=number
        )


def _is_larger(choice: ModelChoice, than: ModelChoice) -> bool:
    """Whether the catalogue knows that `choice` holds more text."""
    rows = LanguageModel.objects.filter(provider__in={choice.provider, than.provider})
    sizes = {(row.provider, row.model): row.context_tokens or 0 for row in rows}
    own, other = (sizes.get((link.provider, link.model), 0) for link in (choice, than))
    return own > other > 0
