"""Writes an article again, so that it meets somebody's wishes; markup and links are code's, as in a new one."""

from dataclasses import replace

from aiproviders import services as aiproviders
from content.articles import prompts
from content.articles.asking import answer
from content.articles.brief import Brief, Related
from content.articles.document import Document, Part, to_markdown
from content.articles.draft import AI, Draft
from content.articles.improving import UNUSABLE, Try, improve
from content.articles.keyword import mention_keyword
from content.articles.linking import place_link, place_related
from content.articles.markup import sections
from content.articles.plan import title_from
from content.articles.quality.check import check_revision
from content.articles.quality.links import is_ordered
from content.articles.quality.parsed import ParsedArticle
from content.articles.repair import Repair
from content.texts.addresses import addresses
from content.texts.sentences import shorten, words
from queues.errors import Fail
from queues.running import RunningJob

FEWEST_PARAGRAPHS = 3  # with less there is no middle for the link
LONGEST_HEADING = 120  # characters


def revise_article(markdown: str, brief: Brief, notes: str, *, job: RunningJob) -> Draft:
    """The article `markdown` written again after `notes`, with `job` told of the stages.

    Raises Fail: "no_model" without a model that can follow wishes, "unusable_text" or "quality" when none gave a text
    that may be delivered. ProviderError and what the job's checkpoints raise as well.
    """
    job.progress(0, 4, "preparing")
    if aiproviders.first_choice(model=brief.model).is_demo:
        raise Fail("The built-in model cannot follow wishes, and no other is configured.", kind="no_model")
    base = ParsedArticle(markdown)
    brief = replace(brief, related=tuple({r.url: r for r in (*_linked_before(base, brief), *brief.related)}.values()))

    def write(attempt: Try) -> Draft:
        job.progress(1 if attempt.number == 1 else 2, 4, "generating")
        prompt = prompts.revision_prompt(brief, _plain(base), notes, complaints=attempt.complaints)
        ask = lambda: answer(prompt, words=max(brief.words, base.word_count), attempt=attempt, job=job)  # noqa: E731
        given = job.step(attempt.step("revision"), ask)
        document = _document(given["text"], base, brief)
        return Draft(
            document.title, to_markdown(document), given["provider"], given["model"], AI, False, prompts.VERSION
        )

    draft = improve(
        write, lambda draft: check_revision(draft, brief, base=markdown), model=brief.model, job=job, parts=1
    )
    if blocking := check_revision(draft, brief, base=markdown).blocking:
        raise Fail(f"No text passed the quality check: {'; '.join(found.label for found in blocking)}", kind="quality")
    return draft


def _linked_before(base: ParsedArticle, brief: Brief) -> list[Related]:
    links = (link for block in base.blocks for link in block.links)
    return [Related(link.text, link.href) for link in links if not is_ordered(link, brief)]


def _plain(base: ParsedArticle) -> str:
    """The text as the model is to write it."""
    return "\n\n".join(f"{'#' * block.level} {block.text}".strip() for block in base.blocks)


def _document(text: str, base: ParsedArticle, brief: Brief) -> Document:
    """The usable part of an answer with its links; headings that are missing or hold an address are the old ones."""
    repair, parts, title = Repair(brief), [], ""
    olds = [block.text for block in base.headings if block.level > 1] or [base.headings[0].text]
    for level, heading, body in sections(text):
        if level == 1 and not title:
            title = heading
        if usable := repair.usable(body):
            old = olds[min(len(parts), len(olds) - 1)]
            heading = heading if level > 1 and heading and brief.addresses.issuperset(addresses(heading)) else old
            parts.append(Part(shorten(heading, LONGEST_HEADING), tuple(" ".join(group) for group in usable)))
    if sum(len(part.paragraphs) for part in parts) < FEWEST_PARAGRAPHS:
        raise Fail("The model gave no usable text.", kind=UNUSABLE)
    if not title or not brief.addresses.issuperset(addresses(title)) or not words(title):
        title = base.headings[0].text
    document = mention_keyword(Document(title_from(title, but=brief.addresses), tuple(parts)), brief.keyword)
    return place_related(place_link(document, brief, part=len(parts) // 2), brief)
