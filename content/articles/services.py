"""Articles: write a draft, check it, keep it as a version."""

from django.db import transaction
from django.db.models import Max

from content.articles.brief import Brief
from content.articles.differences import Change, word_diff
from content.articles.draft import Draft
from content.articles.exporting import FORMATS, File, export
from content.articles.live import LosesLink, mark_link, publish_version, unpublish
from content.articles.models import Article, ArticleVersion, Domain, ReviewStatus
from content.articles.quality.check import check
from content.articles.quality.parsed import ParsedArticle
from content.articles.quality.report import QualityReport
from content.articles.rendering import render
from content.articles.selectors import article as readable_article
from content.articles.writing import write_article

__all__ = [
    "FORMATS",
    "Change",
    "File",
    "LosesLink",
    "ReviewStatus",
    "check_article",
    "create_article",
    "export",
    "mark_link",
    "publish_version",
    "readable_article",
    "save_version",
    "set_review_status",
    "unpublish",
    "word_diff",
    "write_article",
]


def create_article(*, title: str, domain: Domain | None = None) -> Article:
    """An article that has no text yet; `title` of at most 250 characters. `domain` will publish it, or this site."""
    return Article.objects.create(title=title, domain=domain)


def check_article(draft: Draft, brief: Brief) -> QualityReport:
    """What the quality rules say about `draft`; nothing is stored."""
    return check(draft, brief)


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
    earlier = [paid for paid in base.paid_links if not _is_same(paid, link)] if base else []
    with transaction.atomic():
        # Whoever holds this row gives out the next number.
        article = Article.objects.select_for_update().get(pk=article.pk)
        last = article.versions.aggregate(last=Max("number"))["last"] or 0
        version = article.versions.create(
            number=last + 1,
            title=draft.title,
            markdown=draft.markdown,
            html=render(draft.markdown, paid=[link, *earlier]),
            word_count=ParsedArticle(draft.markdown).word_count,
            quality=report.as_json(),
            backlink=link,
            earlier_links=earlier,
            base_version=base,
            revision_notes=notes,
            provider=draft.provider,
            model=draft.model,
            generator=draft.generator,
            is_demo=draft.is_demo,
            prompt_version=draft.prompt_version,
        )
        if article.published_at is None:  # readers see a version's title when they see its text
            article.title = draft.title
            article.save(update_fields=["title", "updated_at"])
    return version


def _is_same(one: dict, other: dict) -> bool:
    return all(one[name] == other[name] for name in ("targetUrl", "anchorText"))


def set_review_status(version: ArticleVersion, status: ReviewStatus) -> None:
    """What the editor thinks of the version and its link."""
    version.backlink_review_status = status
    version.save(update_fields=["backlink_review_status"])
