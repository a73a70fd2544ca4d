"""Articles: write a draft, check it, keep it as a version."""

from django.db import transaction
from django.db.models import Max

from content.articles.brief import Brief
from content.articles.draft import Draft
from content.articles.models import Article, ArticleVersion
from content.articles.quality.check import check
from content.articles.quality.parsed import ParsedArticle
from content.articles.rendering import render
from content.articles.writing import write_article
from content.texts.report import QualityReport

__all__ = ["check_article", "create_article", "save_version", "write_article"]


def create_article(*, title: str) -> Article:
    """An article that has no text yet; `title` of at most 250 characters."""
    return Article.objects.create(title=title)


def check_article(draft: Draft, brief: Brief) -> QualityReport:
    """What the quality rules say about `draft`; nothing is stored."""
    return check(draft, brief)


def save_version(article: Article, draft: Draft, report: QualityReport, *, brief: Brief) -> ArticleVersion:
    """`draft` as the article's next version: numbers have no gap and no double, however many save at once."""
    with transaction.atomic():
        # Whoever holds this row gives out the next number.
        Article.objects.select_for_update().get(pk=article.pk)
        last = article.versions.aggregate(last=Max("number"))["last"] or 0
        version = article.versions.create(
            number=last + 1,
            title=draft.title,
            markdown=draft.markdown,
            html=render(draft.markdown, target_url=brief.target_url),
            word_count=ParsedArticle(draft.markdown).word_count,
            quality=report.as_json(),
            backlink={"targetUrl": brief.target_url, "anchorText": brief.anchor_text},
            provider=draft.provider,
            model=draft.model,
            generator=draft.generator,
            is_demo=draft.is_demo,
            prompt_version=draft.prompt_version,
        )
        article.title = draft.title
        article.save(update_fields=["title", "updated_at"])
    return version
