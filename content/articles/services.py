"""Articles: write, revise, integrate a link, check, keep as a version, publish. Other apps need no more than this."""

from content.articles.brief import Brief
from content.articles.differences import Change, word_diff
from content.articles.draft import Draft
from content.articles.exporting import DOCX, FORMATS, File, export
from content.articles.integrating import integrate_link
from content.articles.live import LosesLink, mark_link, publish_version, unpublish
from content.articles.models import Article, ArticleVersion, Domain, Rel, ReviewStatus
from content.articles.quality.check import check, check_integration, check_revision
from content.articles.quality.parsed import link_target
from content.articles.related import other_texts, related_articles, unwanted_phrases
from content.articles.revising import revise_article
from content.articles.selectors import linkable_articles
from content.articles.selectors import published as live_article
from content.articles.texts import NoText, Text, live_text
from content.articles.versions import TextChanged, forget_wishes, save_integration, save_version
from content.articles.writing import write_article
from content.texts.report import QualityReport

__all__ = [
    "DOCX",
    "FORMATS",
    "ArticleVersion",
    "Change",
    "File",
    "LosesLink",
    "NoText",
    "QualityReport",
    "Rel",
    "ReviewStatus",
    "Text",
    "TextChanged",
    "check_article",
    "check_integration",
    "check_revision",
    "create_article",
    "export",
    "forget_wishes",
    "integrate_link",
    "link_target",
    "linkable_articles",
    "live_article",
    "live_text",
    "mark_link",
    "other_texts",
    "publish_version",
    "related_articles",
    "revise_article",
    "save_integration",
    "save_version",
    "set_review_status",
    "unpublish",
    "unwanted_phrases",
    "word_diff",
    "write_article",
]


def create_article(*, title: str, domain: Domain | None = None) -> Article:
    """An article that has no text yet; `title` of at most 250 characters. `domain` will publish it, or this site."""
    return Article.objects.create(title=title, domain=domain)


def check_article(draft: Draft, brief: Brief) -> QualityReport:
    """What the quality rules say about `draft`; nothing is stored."""
    return check(draft, brief)


def set_review_status(version: ArticleVersion, status: ReviewStatus) -> None:
    """What the editor thinks of the version and its link."""
    version.backlink_review_status = status
    version.save(update_fields=["backlink_review_status"])
