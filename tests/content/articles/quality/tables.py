"""Shared by the tests of the rules."""

from content.articles.quality.check import check
from content.texts.report import Finding
from tests.content.articles.builders import brief, draft


def finding(name: str, markdown: str, *, generator: str = "ai", **fields) -> Finding:
    """What rule `name` says about `markdown` for `brief(**fields)`."""
    report = check(draft(markdown, generator=generator), brief(**fields))
    return next(finding for finding in report.findings if finding.name == name)
