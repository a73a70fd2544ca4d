"""Briefs, drafts and documents for tests."""

from dataclasses import replace

from content.articles.brief import Brief
from content.articles.draft import Draft

BRIEF = Brief(
    topic="How cold brew coffee is made",
    niche="coffee",
    keyword="cold brew",
    target_url="https://beans.example.com/cold-brew",
    anchor_text="cold brew beans",
    notes="",
    words=120,
)
SECTIONS = """
## Cold brew: the basics

Cold brew is coffee that meets no hot water at all. Coarse grounds stand in a jar for a night while the flavour slowly
moves into the water.

## How to get started

A jar, a sieve and a quiet corner of the kitchen are enough. Weigh the coffee, pour the water, stir once and close the
lid. For further reading, see [cold brew beans](https://beans.example.com/cold-brew).

## What to remember

Patience does most of the work here. Strain the drink in the morning, keep it cool, and thin it with milk or water as
you like it best. A second batch is soon made, and small changes to the grind or the hours show clearly in the cup.
"""
GOOD = f"# How cold brew coffee is made\n{SECTIONS}"


def brief(**fields) -> Brief:
    """An order of 120 words about cold brew coffee, or the same with other `fields`."""
    return replace(BRIEF, **fields)


def draft(markdown: str = GOOD, **fields) -> Draft:
    """A draft that passes every rule for `brief()`, or the same with other `fields`."""
    good = Draft("How cold brew coffee is made", markdown, "openai", "ok", "ai", is_demo=False, prompt_version="test/1")
    return replace(good, **fields)
