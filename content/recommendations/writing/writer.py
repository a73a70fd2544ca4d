"""A model's part: it picks among allowed instruments and writes the words. What breaks a rule is asked for again."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser

from aiproviders import keys
from aiproviders.base import Prompt
from aiproviders.errors import ProviderError
from aiproviders.services import complete
from content.recommendations import prompts
from content.recommendations.method.candidates import Universe
from content.recommendations.writing import claims
from content.recommendations.writing.facts import Facts, candidate_line
from queues.models import Queue
from queues.running import RunningJob

TRIES = 3
MOST_TOKENS = 2000
FEWEST_PICKED, MOST_PICKED = 4, 8
SHORTEST, LONGEST = 100, 3000  # characters of the reasoning
LONGEST_WHY = 600
PATIENCE = 120  # seconds since the job began, after which the template is better than a text some day
NO_ANSWER = ("malformed", "empty", "truncated")  # of a provider: as useless as an answer that breaks a rule
Check = Callable[[dict[str, Any]], list[str]]


class NoModel(Exception):
    """No model can write this now; the message, for the job's history, says why."""


class Writer:
    """Asks the model of the job's owner. Each answer is a stored step: an attempt after a crash pays for none again.

    `waited`: seconds since the job began.
    """

    def __init__(self, job: RunningJob, owner, *, waited: float) -> None:
        self.job, self.owner, self.waited = job, owner, waited
        # The house's own work may always use its keys, but what a stranger wants is not the house's work.
        self.may_ask = owner is not None or keys.house_lends_to(AnonymousUser())

    def pick(self, universe: Universe, client: str) -> list[str] | None:
        """The tickers that the model has chosen; None when there is nothing to choose, or its answers were no good."""
        tickers = [one.ticker for one in universe.candidates]
        if len(tickers) <= FEWEST_PICKED:
            return None
        lines = [candidate_line(one) for one in universe.candidates]
        answer = {"type": "array", "items": {"type": "string", "enum": tickers}}
        found = self._tried(
            "pick",
            lambda faults: prompts.pick_prompt(client, lines, fewest=FEWEST_PICKED, most=MOST_PICKED, faults=faults),
            _object({"tickers": answer}),
            lambda data: _faults_of_pick(data["tickers"], tickers),
        )
        return found and found["answer"]["tickers"]

    def text(self, facts: Facts) -> dict[str, Any] | None:
        """{"reasoning", "positions": {ticker: text}, "model"}, all of it covered by the facts; None without success."""
        why = _object({ticker: {"type": "string"} for ticker in facts.of})
        found = self._tried(
            "text",
            lambda faults: prompts.text_prompt(facts.text, faults=faults),
            _object({"reasoning": {"type": "string"}, "positions": why}),
            lambda data: _faults_of_text(data, facts),
        )
        if found is None:
            return None
        answer = found["answer"]
        texts = {ticker: claims.plain(text) for ticker, text in answer["positions"].items()}
        return {"reasoning": claims.plain(answer["reasoning"]), "positions": texts, "model": found["model"]}

    def _tried(self, name: str, prompt: Callable[[Sequence[str]], Prompt], schema: dict, check: Check) -> dict | None:
        faults: list[str] = []
        for number in range(1, TRIES + 1):
            made = self.job.step(f"{name}-{number}", lambda: self._asked(name, prompt(faults), schema, check))  # noqa: B023
            faults = made["faults"]
            if not faults:
                return made
            self.job.log(f"Answer {number} of the model was refused: {' '.join(faults)}"[:1000], level="warning")
        return None

    def _asked(self, name: str, prompt: Prompt, schema: dict, check: Check) -> dict[str, Any]:
        if not self.may_ask:
            raise NoModel("The house's language models are not lent to strangers.")
        failure = None
        try:
            answer = complete(
                prompt,
                user=self.owner,
                schema=schema,
                max_tokens=MOST_TOKENS,
                job_id=self.job.id,
                purpose=f"recommendations {name}",
            )
        except ProviderError as error:
            failure = error
        if failure is not None:
            return self._without_answer(failure)
        model = f"{answer.provider}/{answer.model}"
        return {"answer": answer.data, "faults": check(answer.data), "model": model}

    def _without_answer(self, failure: ProviderError) -> dict[str, Any]:
        """What a try without an answer comes to; raises what ends all tries, or this attempt at the job."""
        if failure.kind in NO_ANSWER:
            return {"answer": None, "faults": ["It was not whole, or no JSON that fits the schema."], "model": ""}
        tries = Queue.objects.policy_of(self.job.job.queue)["max_attempts"]
        is_last = self.job.job.attempts_made + 1 >= tries or self.waited > PATIENCE
        if failure.permanent or failure.kind == "budget" or is_last:
            raise NoModel(str(failure))
        if failure.kind != "rate_limit" or (failure.retry_after or 0) > PATIENCE:
            # Somebody waits: a try that found a provider resting counts as one, after the queue's own back-off.
            failure.counts, failure.retry_after = True, None
        raise failure


def _object(properties: dict[str, dict]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _faults_of_pick(picked: list[str], allowed: list[str]) -> list[str]:
    """The schema has the tickers already, but not every provider keeps to it."""
    found = []
    if any(ticker not in allowed for ticker in picked):
        found.append("A ticker is not among the facts.")
    if len(set(picked)) < len(picked):
        found.append("A ticker comes twice.")
    if not FEWEST_PICKED <= len(set(picked)) <= MOST_PICKED:
        found.append(f"{len(set(picked))} tickers instead of {FEWEST_PICKED} to {MOST_PICKED}.")
    return found


def _faults_of_text(data: dict[str, Any], facts: Facts) -> list[str]:
    reasoning = claims.plain(data["reasoning"])
    found = [] if SHORTEST <= len(reasoning) <= LONGEST else [f"The reasoning is not {SHORTEST} to {LONGEST} long."]
    found += claims.faults(reasoning, facts)
    for ticker, text in data["positions"].items():
        if not 0 < len(text.strip()) <= LONGEST_WHY:
            found.append(f"The text on {ticker} is empty or longer than {LONGEST_WHY} characters.")
        found += claims.faults(claims.plain(text), facts, about=ticker)
    return list(dict.fromkeys(found))[: claims.MOST]
