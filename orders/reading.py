"""What the page of an order shows of one version: the text with the customer's link marked, the check, the facts."""

import html
import re
from dataclasses import dataclass

from content.articles.services import ArticleVersion, link_target
from orders import wording
from orders.models import Order
from queues.models import Job

LINK = re.compile(r'<a [^>]*?href="([^"]*)"[^>]*>.*?</a>', re.DOTALL)
MARKED = '<mark class="yours">{}<span class="visually-hidden"> (your link)</span></mark>'


@dataclass(frozen=True)
class Reading:
    """`rules` are those of the quality check, the missed ones first; `facts` are label and value. `versions` are all
    of the order, oldest first, without their texts; `before` is the number of the one before this."""

    version: ArticleVersion
    html: str
    links_found: int
    rules: list[dict]
    facts: list[tuple[str, str]]
    versions: list[ArticleVersion]
    before: int | None
    is_current: bool


def reading(order: Order, version: ArticleVersion, job: Job | None = None) -> Reading:
    """One version for its customer; `job` is the one that wrote it, if it is still known."""
    versions = list(order.versions.order_by("number").defer("markdown", "html", "quality"))
    earlier = [other.number for other in versions if other.number < version.number]
    marked, found = with_link_marked(version)
    return Reading(
        version=version,
        html=marked,
        links_found=found,
        rules=rules_of(version),
        facts=_facts(version, job),
        versions=versions,
        before=earlier[-1] if earlier else None,
        is_current=version.pk == order.current_version_id,
    )


def with_link_marked(version: ArticleVersion) -> tuple[str, int]:
    """The version's HTML with the ordered link marked, and how often that stands in it."""
    wanted, found = link_target(version.backlink.get("targetUrl", "")), 0

    def mark(link: re.Match) -> str:
        nonlocal found
        if not wanted or html.unescape(link[1]) != wanted:
            return link[0]
        found += 1
        return MARKED.format(link[0])

    return LINK.sub(mark, version.html), found


def rules_of(version: ArticleVersion) -> list[dict]:
    """What the quality check said of the version, the missed rules first, the graver ones before the others."""
    weight = {"block": 0, "revise": 1}
    return sorted(version.quality.get("rules", []), key=lambda rule: (rule["ok"], weight.get(rule["severity"], 2)))


def _facts(version: ArticleVersion, job: Job | None) -> list[tuple[str, str]]:
    facts = [
        ("Length", f"{version.word_count} words"),
        ("Writer", wording.writer(version)),
    ]
    if job and job.started_at and job.finished_at:
        facts.append(("Written in", wording.seconds((job.finished_at - job.started_at).total_seconds())))
    return facts
