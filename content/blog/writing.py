"""Writes one post: ask a model, check, ask again with what was wrong; or the labelled template."""

from aiproviders import services as aiproviders
from aiproviders.base import ModelChoice
from aiproviders.errors import ProviderError
from content.blog import prompts, template
from content.blog.catalogues import Title
from content.blog.draft import Draft
from content.blog.quality.check import checked, faults_of
from content.blog.states import Generator
from content.texts.characters import clean
from queues.running import RunningJob

TRIES = 3
MOST_TOKENS = 3000
TEMPLATE = "template"  # instead of a model's name


def write_post(*, title: Title, user, model: str | None, job: RunningJob, template_allowed: bool = False) -> Draft:
    """A checked draft about `title`, which comes from the catalogue's `details`.

    `model`: "provider/model", TEMPLATE for the text that needs none, None for what `user` prefers or the house's
    default. After three tries that break a rule the best of them is returned, with `passed` False. `template_allowed`:
    then, and when no model may be asked at all, the template's text is returned instead; it always is where only a demo
    could write. Every paid answer is a step of `job`. Raises ProviderError, and what the job's checkpoints raise.
    """
    choice = None if model == TEMPLATE else aiproviders.first_choice(user=user, model=model)
    if choice is None:
        return _from_template(title)
    if choice.is_demo:
        why = "The built-in demo model invents facts" if choice.writes_text else "No language model is configured"
        job.log(f"{why}: the post is the template's.", level="warning")
        return _from_template(title)
    try:
        best = _best_of(title, user, model, choice, job)
    except ProviderError as error:
        if not (template_allowed and error.permanent):
            raise
        job.log(f"No language model could write it: {error} The post is the template's.", level="warning")
        return _from_template(title)
    if template_allowed and not best.passed:
        job.log(f"{TRIES} tries broke a rule: the post is the template's.", level="warning")
        return _from_template(title)
    return best


def _from_template(title: Title) -> Draft:
    return checked(template.write(title), title)


def _best_of(title: Title, user, model: str | None, choice: ModelChoice, job: RunningJob) -> Draft:
    drafts: list[Draft] = []
    for number in range(1, TRIES + 1):
        job.progress(number - 1, TRIES + 1, "writing")
        faults = faults_of(drafts[-1]) if drafts else []
        written = job.step(f"text-{number}", lambda faults=faults: _ask(title, faults, user, model, choice, job))
        drafts.append(checked(_draft(written), title))
        if drafts[-1].passed:
            return drafts[-1]
        broken = f"Try {number} of {TRIES} broke a rule: {' '.join(faults_of(drafts[-1]))}"
        if not job.job.events.filter(message=broken).exists():  # an attempt after a crash does not say it again
            job.log(broken, level="warning")
    return min(drafts, key=lambda draft: len(faults_of(draft)))


def _ask(title: Title, faults: list[str], user, model: str | None, choice: ModelChoice, job: RunningJob) -> dict:
    answer = aiproviders.complete(
        prompts.post_prompt(title, faults=faults),
        user=user,
        model=model,
        schema=prompts.SCHEMA,
        max_tokens=MOST_TOKENS,
        job_id=job.id,
        purpose=f"{job.job.queue} post",
    )
    return {
        "data": _clean(answer.data),  # before it is stored: a database takes no NUL
        "provider": answer.provider,
        "model": answer.model,
        "prompt_version": prompts.VERSION,
    }


def _draft(written: dict) -> Draft:
    data = written["data"]
    sections = (f"## {part['heading']}\n\n{part['text']}" for part in data["sections"])
    return Draft(
        title=data["title"],
        seo_title=data["seoTitle"],
        description=data["description"],
        markdown="\n\n".join(sections),
        generator=Generator.AI,
        **{name: written[name] for name in ("provider", "model", "prompt_version")},
    )


def _clean(data: dict) -> dict:
    sections = [{"heading": _line(part["heading"]), "text": clean(part["text"]).strip()} for part in data["sections"]]
    return {name: _line(data[name]) for name in ("title", "seoTitle", "description")} | {"sections": sections}


def _line(text: str) -> str:
    return clean(" ".join(text.split())).lstrip("# ").strip()
