"""Every provider in one table. A new one is a file in backends/ and a line here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from aiproviders.base import Endpoint, Provider
from aiproviders.errors import ProviderError


@dataclass(frozen=True)
class Entry:
    """`backend` is a dotted path, imported on first use; `url` and `key` are names of settings."""

    label: str
    backend: str
    default_model: str
    url: str = ""
    key: str = ""
    key_required: bool = True
    free: bool = False
    legacy_max_tokens: bool = False
    extra_body: Mapping[str, Any] = field(default_factory=dict)


OPENAI = "aiproviders.backends.openai.OpenAI"
PROVIDERS = {
    "openai": Entry("OpenAI", OPENAI, "gpt-6-luna", url="OPENAI_BASE_URL", key="OPENAI_API_KEY"),
    "local": Entry(
        "Built-in model",
        OPENAI,
        "copydesk-local",
        url="LOCAL_LLM_URL",
        key="LOCAL_LLM_KEY",
        key_required=False,
        free=True,
        legacy_max_tokens=True,
        extra_body={"repeat_penalty": 1.1},  # small models fall into loops without it
    ),
    "extract": Entry("Extract", "aiproviders.backends.extract.Extract", "extract/1", free=True),
}


def entry(name: str) -> Entry:
    """The table's line for `name`; raises ProviderError("not_found") that lists the known names."""
    if name not in PROVIDERS:
        raise ProviderError("not_found", f"there is no provider {name!r}; known: {', '.join(PROVIDERS)}", provider=name)
    return PROVIDERS[name]


def provider(name: str) -> Provider:
    """The backend of `name`, set up from the settings; raises ProviderError("not_found")."""
    line = entry(name)
    endpoint = Endpoint(
        provider=name,
        base_url=getattr(settings, line.url) if line.url else "",
        key=getattr(settings, line.key) if line.key else "",
        key_required=line.key_required,
        legacy_max_tokens=line.legacy_max_tokens,
        extra_body=line.extra_body,
    )
    return import_string(line.backend)(endpoint)
