"""The writer that needs no model: quotes its source inside fixed frames and invents nothing.

It is never called AI: whatever shows its texts says "extract".
"""

from aiproviders import extraction
from aiproviders.base import Endpoint, ListedModel, Prompt, Reply, Usage
from aiproviders.errors import ProviderError

GENERATOR = "extract/1"
FEWEST_SENTENCES, FEWEST_WORDS = 2, 25
MOST_SENTENCES = 120  # ranking compares every pair
WORDS_PER_TOKEN = 0.7
QUOTES = 4


class Extract:
    """Answers from `prompt.source` alone. `prompt.text` only decides which passages come first to mind."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    def complete(self, prompt: Prompt, *, model: str, schema: dict | None, deadline: float, max_tokens: int) -> Reply:
        """Runs in milliseconds, so `deadline` is ignored; raises ProviderError("empty") for too short a source."""
        if schema is not None:
            raise self._error("bad_request", "the extract writer cannot fill a schema")
        pieces = extraction.sentences(prompt.source)[:MOST_SENTENCES]
        words = sum(len(piece.split()) for piece in pieces)
        facts = [fact for fact in extraction.facts(prompt.source) if "://" not in fact[1]]
        if len(pieces) >= FEWEST_SENTENCES and words >= FEWEST_WORDS and extraction.keywords(" ".join(pieces)):
            text = _from_passages(pieces, prompt.text, int(max_tokens * WORDS_PER_TOKEN))
        elif facts:
            text = _from_facts(facts, pieces)
        else:
            raise self._error("empty", f"the source is too short to quote from ({words} words)")
        return Reply(text=text, model=GENERATOR, finish="stop", usage=Usage(0, 0, 0))

    def _error(self, kind: str, message: str) -> ProviderError:
        return ProviderError(kind, message, provider=self.endpoint.provider, permanent=True)  # it throws no dice

    def list_models(self, *, deadline: float) -> list[ListedModel]:
        """The one that there is."""
        return [ListedModel(GENERATOR)]


def _from_passages(pieces: list[str], question: str, most_words: int) -> str:
    whole = " ".join(pieces)
    opening = f"The source is mainly about {_listed(extraction.keywords(whole))}."
    weights = extraction.weights(pieces, question)
    chosen, used = [], 0
    for index in sorted(range(len(pieces)), key=lambda i: (-weights[i], i)):
        length = len(pieces[index].split())
        if not chosen or (len(chosen) < QUOTES and used + length <= most_words):
            chosen.append(index)
            used += length
    text = f"{opening}\n\nKey passages:\n\n" + "\n\n".join(f"> {pieces[index]}" for index in sorted(chosen))
    numbers = extraction.figures(" ".join(pieces[index] for index in sorted(chosen)))
    return text + (f"\n\nFigures to check before publishing: {_listed(numbers)}." if numbers else "")


def _from_facts(facts: list[tuple[str, str]], pieces: list[str]) -> str:
    lines = [f"The source gives this as “{label}”: “{value}”." for label, value in facts]
    return "\n\n".join([*lines, *(f"> {piece}" for piece in pieces)])


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
