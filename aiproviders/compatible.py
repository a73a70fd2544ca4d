"""OpenAI-compatible servers that the staff names in OPENAI_COMPATIBLE: `name=url`, with flags after semicolons.

`ollama=http://localhost:11434/v1,router=https://openrouter.ai/api/v1;key;schema`. Flags: `key` the server demands
one, `schema` it keeps to JSON schemas, `modern` it wants max_completion_tokens instead of max_tokens.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

NAME = re.compile(r"[a-z][a-z0-9-]{1,39}")
FLAGS = {"key", "schema", "modern"}


@dataclass(frozen=True)
class Server:
    """One server, and what it can do."""

    name: str
    url: str
    key_required: bool = False
    supports_json_schema: bool = False
    legacy_max_tokens: bool = True


def servers(lines: Iterable[str]) -> list[Server]:
    """The servers that `lines` name; raises ImproperlyConfigured for a line that cannot be meant."""
    found = [_server(line) for line in lines]
    names = [server.name for server in found]
    if len(set(names)) < len(names):
        raise ImproperlyConfigured("OPENAI_COMPATIBLE names a server twice.")
    return found


def _server(line: str) -> Server:
    name, _, rest = line.strip().partition("=")
    url, *flags = rest.split(";")
    if not NAME.fullmatch(name):
        raise ImproperlyConfigured("OPENAI_COMPATIBLE must be name=url,...; a name has small letters, digits and '-'.")
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise ImproperlyConfigured(f"OPENAI_COMPATIBLE needs an http(s) address for {name!r}.")
    if odd := set(flags) - FLAGS:
        raise ImproperlyConfigured(f"OPENAI_COMPATIBLE knows {', '.join(sorted(FLAGS))}, not {', '.join(sorted(odd))}.")
    return Server(
        name=name,
        url=url.rstrip("/"),
        key_required="key" in flags,
        supports_json_schema="schema" in flags,
        legacy_max_tokens="modern" not in flags,
    )
