"""The rules about the form of a post, each with a text that breaks it and nothing else."""

import copy
from dataclasses import replace

import pytest

from content.blog.draft import Draft
from content.blog.quality.check import checked, faults_of
from content.blog.states import Generator
from tests.content.blog.builders import GOOD, skyfall


def draft(**changes) -> Draft:
    text = copy.deepcopy(GOOD)
    body = "\n\n".join(f"## {part['heading']}\n\n{part['text']}" for part in text["sections"])
    honest = Draft(text["title"], text["seoTitle"], text["description"], body, Generator.AI, "openai", "judge")
    return replace(honest, **changes)


def broken(changed: Draft) -> set[str]:
    return {rule["name"] for rule in checked(changed, skyfall()).quality["rules"] if not rule["ok"]}


def test_an_honest_text_breaks_none():
    assert broken(draft()) == set()


BODY = draft().markdown
BREAKS = {
    "length": {"markdown": "## On it\n\nSkyfall is a film by Sam Mendes."},
    "titles": {"seo_title": "Skyfall " * 8},
    "subject": {"title": "A film of 2012"},
    "sections": {"markdown": BODY.replace("## ", "#### ")},
    "ending": {"markdown": f"{BODY}\n\nIt is a film that"},
    "repetition": {
        "markdown": f"{BODY}\n\nAlbert Finney is named beside them, and so are Helen McCrory and Ben Whishaw."
    },
    "phrases": {"markdown": f"{BODY}\n\nAs a language model, i cannot help with more."},
    "markup": {"markdown": f"{BODY}\n\nMore stands [here](https://x.example)."},
}


@pytest.mark.parametrize(("rule", "changes"), BREAKS.items())
def test_each_rule_finds_what_it_is_for(rule, changes):
    assert broken(draft(**changes)) == {rule}


@pytest.mark.parametrize(
    "text", ["![x](/a.png)", "`code`", "```\ncode\n```", "<b>bold</b>", "www.example.org", "    code"]
)
def test_nothing_but_text_is_let_through(text):
    assert "markup" in broken(draft(markdown=f"{BODY}\n\n{text}"))


@pytest.mark.parametrize("field", ["title", "seo_title", "description"])
def test_an_empty_line_for_search_engines_does_not_fit(field):
    assert "titles" in broken(draft(**{field: ""}))


def test_faults_are_sentences_that_a_model_can_follow():
    faults = faults_of(checked(draft(seo_title="x" * 61), skyfall()))
    assert faults[0] == (
        "Title, SEO title and description fit: The SEO title has 61 characters; at most 60 are allowed."
    )


def test_the_report_counts_what_forbids_to_publish():
    report = checked(draft(markdown=BODY.replace("## ", "#### ")), skyfall()).quality
    assert (report["blocking"], report["total"] - report["passed"]) == (0, 1)  # headings are advice
