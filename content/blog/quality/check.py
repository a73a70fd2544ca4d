"""Runs every rule on a draft."""

from dataclasses import replace

from content.blog.catalogues import Title
from content.blog.draft import Draft
from content.blog.quality import form, names, numbers
from content.blog.quality.text import PostText
from content.texts.report import BLOCK, QualityReport

RULES = (*form.RULES, *numbers.RULES, *names.RULES)


def checked(draft: Draft, title: Title) -> Draft:
    """`draft` with all rules' findings about it, as a text about `title`. Pure.

    "blocking": how many rules forbid to publish it by itself; lists are filtered by that.
    """
    text = PostText(draft)
    report = QualityReport(tuple(rule(text, title) for rule in RULES))
    return replace(draft, quality=report.as_json() | {"blocking": len(report.blocking)})


def faults_of(draft: Draft) -> list[str]:
    """What has to be different before this may be published by itself, in sentences."""
    rules = draft.quality.get("rules", [])
    return [f"{rule['label']}: {rule['detail']}" for rule in rules if not rule["ok"] and rule["severity"] == BLOCK]
