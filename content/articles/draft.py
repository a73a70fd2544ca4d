"""A written text that is not saved yet."""

from dataclasses import dataclass

AI, EXTRACT = "ai", "extract"


@dataclass(frozen=True)
class Draft:
    """`generator` is "ai" (a language model wrote it) or "extract" (code did, from the order's own words)."""

    title: str
    markdown: str
    provider: str
    model: str
    generator: str
    is_demo: bool
    prompt_version: str = ""
