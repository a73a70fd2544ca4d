"""Keeps drafts as versions of their article."""

from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from content.articles.brief import Brief
from content.articles.draft import AI, Draft
from content.articles.models import Article, ArticleVersion
from content.articles.models.version import link_key
from content.articles.quality.originality import sketch
from content.articles.quality.parsed import ParsedArticle
from content.articles.rendering import render
from content.articles.texts import Text, keep, live_text
from content.texts.report import QualityReport


class TextChanged(ValueError):
    """Readers see another text by now than the one that was worked on."""


def save_version(
    article: Article,
    draft: Draft,
    report: QualityReport,
    *,
    brief: Brief,
    base: ArticleVersion | None = None,
    notes: str = "",
) -> ArticleVersion:
    """`draft` as the article's next version: numbers have no gap and no double, however many save at once.

    `base` is the version that it was made from and `notes` are the wishes that it answers.
    """
    link = {"targetUrl": brief.target_url, "anchorText": brief.anchor_text}
    earlier = [paid for paid in base.paid_links if link_key(paid) != link_key(link)] if base else []
    columns = _columns(draft)
    with transaction.atomic():
        # Whoever holds this row gives out the next number.
        article = Article.objects.select_for_update().get(pk=article.pk)
        last = article.versions.aggregate(last=Max("number"))["last"] or 0
        version = article.versions.create(
            **columns,
            number=last + 1,
            html=render(draft.markdown, paid=[link, *earlier]),
            quality=report.as_json(),
            backlink=link,
            earlier_links=earlier,
            base_version=base,
            revision_notes=notes,
        )
        if article.published_at is None:  # readers see a version's title when they see its text
            article.title = draft.title
            article.save(update_fields=["title", "updated_at"])
    return version


def _columns(draft: Draft) -> dict[str, Any]:
    """What the draft itself says."""
    parsed = ParsedArticle(draft.markdown)
    taken = ("title", "markdown", "provider", "model", "generator", "is_demo", "prompt_version")
    counted = {"word_count": parsed.word_count, "sketch": sketch(parsed) if draft.generator == AI else b""}
    return {name: getattr(draft, name) for name in taken} | counted


@transaction.atomic
def save_integration(
    article: Article, draft: Draft, report: QualityReport, *, brief: Brief, text: Text, notes: str = ""
) -> ArticleVersion:
    """`draft`, made from `text`, as the next version. Raises TextChanged or NoText; nothing is stored then."""
    article = Article.objects.select_for_update(of=("self",)).select_related("published_version").get(pk=article.pk)
    if live_text(article).fingerprint != text.fingerprint:
        raise TextChanged("The article was changed meanwhile.")
    return save_version(article, draft, report, brief=brief, base=keep(article, text), notes=notes)


def forget_wishes(versions: QuerySet[ArticleVersion]) -> None:
    """Empties what a customer said about these versions, and all of those that readers do not see."""
    list(Article.objects.select_for_update().filter(pk__in=versions.values("article")).order_by("pk"))  # before them
    versions.update(revision_notes="")
    live = Article.objects.filter(published_version__in=versions).values_list("published_version", flat=True)
    unseen = versions.exclude(pk__in=list(live))
    Article.objects.filter(versions__in=unseen, published_version=None, content="").update(title="Erased")
    unseen.update(title="Erased", markdown="", html="", quality={}, backlink={}, earlier_links=[], sketch=b"")
