"""Asks the model, for a whole text or one part of a section, and copes with answers that are cut off."""

from aiproviders import services as aiproviders
from aiproviders.base import Prompt
from aiproviders.errors import ProviderError
from content.articles import prompts
from content.articles.brief import Brief
from content.articles.improving import UNUSABLE, Try
from content.articles.plan import Section
from queues.errors import Fail
from queues.running import RunningJob

# A cut-off answer is lost, so the limit lies far above what was asked for; some models think before they write.
TOKENS_PER_WORD, SPARE_TOKENS = 3, 1200
# The demo model stops after one paragraph or never: nine in ten of its good answers are below 200 tokens.
DEMO_TOKENS_PER_WORD, DEMO_TOKENS = 2, 220


def answer(prompt: Prompt, *, words: int, attempt: Try, job: RunningJob, schema: dict | None = None) -> dict:
    """{"text", "data", "provider", "model"} of one answer of about `words` words. Never by the built-in model.

    Raises ProviderError; Fail("unusable_text") for an answer that every model broke off.
    """
    try:
        given = aiproviders.complete(
            prompt,
            schema=schema,
            max_tokens=words * TOKENS_PER_WORD + SPARE_TOKENS,
            job_id=job.id,
            purpose=job.job.queue,
            **attempt.chain,
        )
    except ProviderError as error:
        if error.kind != "truncated":
            raise
        failure = str(error)
    else:
        return {"text": given.text, "data": given.data, "provider": given.provider, "model": given.model}
    raise Fail(failure, kind=UNUSABLE)


def ask(
    brief: Brief,
    section: Section,
    *,
    words: int,
    tail: str,
    begun: bool,
    is_demo: bool,
    job: RunningJob,
    purpose: str,
    attempt: Try,
) -> dict[str, str]:
    """{"text", "provider", "model"} for about `words` words; text is "" when every answer was cut off.

    Raises ProviderError for everything else that goes wrong. Only the demo model is asked for half as many words: it
    has no fallback, and more room does not make it stop. The others had twice the room and their fallbacks by then.
    """
    limit = max(words * DEMO_TOKENS_PER_WORD, DEMO_TOKENS) if is_demo else words * TOKENS_PER_WORD + SPARE_TOKENS
    said = {"tail": tail, "begun": begun, "with_notes": not is_demo, "complaints": attempt.complaints}
    for wanted in (words, words // 2) if is_demo else (words,):
        prompt = prompts.section_prompt(brief, section, words=wanted, **said)
        try:
            answer = aiproviders.complete(
                prompt, max_tokens=limit, job_id=job.id, purpose=purpose, demo_allowed=is_demo, **attempt.chain
            )
        except ProviderError as error:
            if error.kind != "truncated":
                raise
            job.log(f"An answer was cut off at {limit} tokens", level="warning")
            continue
        return {"text": answer.text, "provider": answer.provider, "model": answer.model}
    return {"text": "", "provider": "", "model": ""}
