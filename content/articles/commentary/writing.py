"""The doing half: what the job of one commentary does. No word of Celery in it."""

import datetime
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from aiproviders import services as aiproviders
from aiproviders.base import Completion, ModelChoice, Prompt
from aiproviders.errors import ProviderError
from content import cache
from content.articles.commentary import prompts, rules
from content.articles.commentary.extract import extract
from content.articles.commentary.storing import cache_key, locked, settled, store
from content.articles.models import Article, Source
from queues import clock
from queues.errors import Cancelled, Retry
from queues.models import Job
from queues.running import RunningJob, give_back_connection

MOST_TOKENS = 1500  # the answer has about 130; some models think before they write
DEMO_TOKENS = 260
PATIENCE = 60.0  # seconds for another process that writes the same
# The built-in model answers one call after another, whoever asks. One commentary of each worker stands in its line, no
# more: an article that is paid for waits behind that one, and not behind ten.
ONE_AT_A_TIME = threading.Lock()
# Seconds for that turn, and of rest after waiting in vain: who waits for ever keeps a worker's slot from paid articles.
TURN, LATER = 60.0, 10.0
LONGEST_REST = 60.0  # seconds; an account without credit rests for longer, and nobody waits for that


def write_commentary(*, article_id: str, job: RunningJob) -> None:
    """Writes and saves the commentary of one article, unless it has one by now.

    Raises ProviderError, rules.Unusable, or what RunningJob raises; Cancelled when the article is gone.
    """
    article = Article.objects.readable().select_related("commentary").filter(pk=article_id).first()
    if article is None:
        raise Cancelled("The article is not there any more.")
    if settled(article):
        return _finish(job, article, None)
    model = aiproviders.default_model()
    if not model.writes_text:
        job.log("No language model is configured: readers get a labelled extract.", level="warning")
        return _finish(job, article, {"source": Source.FALLBACK, "text": extract(article), "problem": "no_model"})
    job.progress(0, 2, "writing")
    # Kept by the job, and by the cache for others: an attempt after a crash does not pay again.
    written = job.step(f"text of {article.fingerprint}", lambda: _written(article, model, job))
    job.progress(1, 2, "saving")
    _finish(job, article, written)


def _written(article: Article, model: ModelChoice, job: RunningJob) -> dict:
    found = cache.get_or_set(
        cache_key(article), lambda: _ask(article, model, job), kind="commentary", patience=PATIENCE
    )
    return found.value | {"source": Source.CACHE if found.cached else Source.AI}


def _ask(article: Article, model: ModelChoice, job: RunningJob) -> dict:
    variant = prompts.variant_of(article)
    most = prompts.MOST_FOR_DEMO if model.is_demo else prompts.MOST_CHARACTERS
    prompt = prompts.commentary_prompt(article, variant, most)
    with _turn() if model.is_demo else nullcontext():
        begun = time.monotonic()
        answer = _answer(prompt, model, job, has_extract=article.commentary is not None)
        seconds = time.monotonic() - begun
    if answer.provider == "extract":
        raise rules.Unusable("Only the extract writer answered, and its text is no commentary.")
    return {
        "text": rules.checked(answer.text, prompts.source_of(article)),
        "variant": variant.name,
        "prompt_version": prompts.VERSION,
        "provider": answer.provider,
        "model": answer.model,
        "is_demo": model.is_demo and answer.provider == model.provider,  # a fallback may be a better one
        "seconds": round(seconds, 3),
        "generated_at": clock.now().isoformat(),
    }


def _answer(prompt: Prompt, model: ModelChoice, job: RunningJob, *, has_extract: bool) -> Completion:
    try:
        return aiproviders.complete(
            prompt,
            max_tokens=DEMO_TOKENS if model.is_demo else MOST_TOKENS,
            job_id=job.id,
            purpose="commentary",
            demo_allowed=model.is_demo,
        )
    except ProviderError as error:
        # Where a provider is down others wait until it has rested. Readers get an extract instead, and soon: a try that
        # found it resting counts as one, after the queue's own back-off. Who has the extract waits for the rest to end.
        soon = has_extract and (error.retry_after or 0) <= LONGEST_REST
        if error.kind != "rate_limit" and not soon:
            error.counts, error.retry_after = True, None
        raise


@contextmanager
def _turn() -> Iterator[None]:
    """This worker's place in the built-in model's line; raises Retry, which uses up no try, when it stays taken."""
    give_back_connection()  # ten who wait would have all connections of their worker
    if not ONE_AT_A_TIME.acquire(timeout=TURN):
        raise Retry("The built-in model is busy with other commentaries.", after=LATER, counts=False)
    try:
        yield
    finally:
        ONE_AT_A_TIME.release()


def _finish(job: RunningJob, article: Article, written: dict | None) -> None:
    """Save `written` (None: nothing was needed) and complete the job, in one transaction."""
    with job.completing({"articleId": str(article.pk), "source": written and written["source"]}):
        current = locked(article.pk)
        if written is None or current is None or settled(current):
            return
        if current.fingerprint != article.fingerprint:
            raise Retry("The article was changed meanwhile", after=0, counts=False)
        store(current, job_id=job.id, **_moment(written))


def _moment(written: dict) -> dict:
    """JSON has no moments."""
    if text := written.get("generated_at"):
        return written | {"generated_at": datetime.datetime.fromisoformat(text)}
    return written


def fall_back(job: Job) -> None:
    """Saves the labelled extract when the last try has failed, in the transaction that marks the job failed.

    A new request asks a model again and replaces it.
    """
    article = locked(job.args["article_id"])
    if article and not settled(article):
        store(article, source=Source.FALLBACK, text=extract(article), job_id=job.pk, problem=job.error_kind)
