"""Every provider in one table. A new one is a file in backends/ and a line here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from aiproviders import compatible
from aiproviders.base import Endpoint, Provider
from aiproviders.errors import ProviderError
from aiproviders.secret import Secret


@dataclass(frozen=True)
class Entry:
    """`backend` is a dotted path, imported on first use; `url` and `key` are names of settings.

    `address` is where a provider listens that has no such setting.
    """

    label: str
    backend: str
    default_model: str
    url: str = ""
    address: str = ""
    key: str = ""
    key_required: bool = True
    free: bool = False
    legacy_max_tokens: bool = False
    supports_json_schema: bool = True
    thinking_tokens: int = 0
    extra_body: Mapping[str, Any] = field(default_factory=dict)


OPENAI = "aiproviders.backends.openai.OpenAI"
GOOGLE = {
    "url": "GEMINI_BASE_URL",
    "key": "GEMINI_API_KEY",
    "thinking_tokens": 6144,
}
BUILT_IN = {
    "openai": Entry("OpenAI", OPENAI, "gpt-6-luna", url="OPENAI_BASE_URL", key="OPENAI_API_KEY"),
    "anthropic": Entry(
        "Anthropic",
        "aiproviders.backends.anthropic.Anthropic",
        "claude-haiku-5-5",
        url="ANTHROPIC_BASE_URL",
        key="ANTHROPIC_API_KEY",
        thinking_tokens=6144,  # its models think unasked, and that counts against max_tokens
    ),
    "google": Entry("Google Gemini", "aiproviders.backends.google.Google", "gemini-3.5-flash-lite", **GOOGLE),
    "google-legacy": Entry(
        "Google Gemini (google-generativeai)",
        "aiproviders.backends.google_legacy.GoogleLegacy",
        "gemini-3.5-flash-lite",
        **GOOGLE,
    ),
    "groq": Entry(
        "Groq",
        OPENAI,
        "openai/gpt-oss-20b",
        url="GROQ_BASE_URL",
        key="GROQ_API_KEY",
        supports_json_schema=False,  # only some of its models, and its list does not tell which
    ),
    "xai": Entry("xAI Grok", OPENAI, "grok-4.3", url="GROK_BASE_URL", key="GROK_API_KEY"),
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


def table(servers: Iterable[compatible.Server]) -> dict[str, Entry]:
    """All providers: the ones known here, and `servers`. Raises ImproperlyConfigured for a name that is taken."""
    found = dict(BUILT_IN)
    for server in servers:
        if server.name in found:
            raise ImproperlyConfigured(f"OPENAI_COMPATIBLE cannot name a server {server.name!r}: that name is taken.")
        found[server.name] = Entry(
            server.name,
            OPENAI,
            "",
            address=server.url,
            key_required=server.key_required,
            legacy_max_tokens=server.legacy_max_tokens,
            supports_json_schema=server.supports_json_schema,
        )
    return found


PROVIDERS = table(compatible.servers(settings.OPENAI_COMPATIBLE))


def entry(name: str) -> Entry:
    """The table's line for `name`; raises ProviderError("not_found") that lists the known names."""
    if name not in PROVIDERS:
        raise ProviderError("not_found", f"there is no provider {name!r}; known: {', '.join(PROVIDERS)}", provider=name)
    return PROVIDERS[name]


def provider(name: str, *, key: Secret | None = None) -> Provider:
    """The backend of `name`, set up from the settings; without `key` with the house's. Raises ProviderError."""
    line = entry(name)
    endpoint = Endpoint(
        provider=name,
        base_url=getattr(settings, line.url) if line.url else line.address,
        key=key if key is not None else _house_key(line),
        key_required=line.key_required,
        legacy_max_tokens=line.legacy_max_tokens,
        supports_json_schema=line.supports_json_schema,
        thinking_tokens=line.thinking_tokens,
        extra_body=line.extra_body,
    )
    return import_string(line.backend)(endpoint)


def _house_key(line: Entry) -> Secret | None:
    text = getattr(settings, line.key) if line.key else ""
    return Secret(text) if text else None
