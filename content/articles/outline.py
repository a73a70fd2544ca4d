"""What stands in for an article when there is no language model: an outline that says what it is.

Only the order's own words and fixed sentences; nothing is claimed about the theme.
"""

from content.articles.brief import Brief
from content.articles.document import Document, Part, to_markdown
from content.articles.draft import EXTRACT, Draft
from content.articles.linking import place_link
from content.articles.plan import Plan, Section

GENERATOR = "outline/1"


def write(brief: Brief, plan: Plan) -> Draft:
    """A draft with generator "extract" that passes no rule about length or authorship."""
    parts = [Part(section.heading, (_planned(section),)) for section in plan.sections]
    parts[0] = Part(parts[0].heading, (_opening(brief), *parts[0].paragraphs))
    carrier = next(number for number, section in enumerate(plan.sections) if section.carries_link)
    document = place_link(Document(plan.title, tuple(parts)), brief, part=carrier)
    return Draft(plan.title, to_markdown(document), "extract", GENERATOR, EXTRACT, True)


def _opening(brief: Brief) -> str:
    facts = [("topic", brief.topic), ("field", brief.niche), ("keyword", brief.keyword), ("notes", brief.notes)]
    named = " ".join(f"The {label}: “{' '.join(value.split())}”." for label, value in facts if value.strip())
    return (
        "This is an outline made from your order, not an article: no language model was available when it was made. "
        f"{named}"
    )


def _planned(section: Section) -> str:
    return f"Planned here: about {section.words} words that {section.instruction}."
