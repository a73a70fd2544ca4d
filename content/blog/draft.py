"""A written post that is not saved yet."""

from dataclasses import dataclass, field
from typing import Any

from content.blog.states import Generator


@dataclass(frozen=True)
class Draft:
    """`generator`: a language model, code from the catalogue's data, or staff. `quality` is the check's report as
    JSON, `passed` whether no rule of it forbids to publish this by itself."""

    title: str
    seo_title: str
    description: str
    markdown: str
    generator: Generator
    provider: str = ""
    model: str = ""
    prompt_version: str = ""
    quality: dict[str, Any] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """No rule that must hold was broken, and a check was made."""
        return self.quality.get("blocking") == 0
