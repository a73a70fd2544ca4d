"""Runs every rule on a draft."""

from content.articles.brief import Brief
from content.articles.draft import Draft
from content.articles.quality import language, links, structure
from content.articles.quality.parsed import ParsedArticle
from content.texts.report import QualityReport

RULES = (*structure.RULES, *links.RULES, *language.RULES)


def check(draft: Draft, brief: Brief) -> QualityReport:
    """All rules' findings, in the order in which people read them. Pure; about 5 ms for 400 words."""
    article = ParsedArticle(draft.markdown)
    return QualityReport(tuple(rule(article, brief, draft) for rule in RULES))
