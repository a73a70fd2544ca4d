"""The dated list of language models that every database starts with. Prices and contexts come from genai-prices.

Retired names stay for ever: they stand in people's settings and documents, and `choice.choose` maps them.
"""

import datetime
from dataclasses import dataclass

AS_OF = datetime.date(2026, 11, 21)


@dataclass(frozen=True)
class Line:
    """One model. `gone`: it answers no more, and nobody said since when. `replaced_by` is "provider/model"."""

    provider: str
    model: str
    label: str
    retires_on: datetime.date | None = None
    replaced_by: str = ""
    gone: bool = False

    @property
    def name(self) -> str:
        return f"{self.provider}/{self.model}"

    def is_retired(self, today: datetime.date) -> bool:
        return self.gone or (self.retires_on is not None and self.retires_on <= today)


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


LINES = [
    Line("openai", "gpt-6-luna", "GPT-6 Luna"),
    Line("openai", "gpt-6.1-terra", "GPT-6.1 Terra"),
    Line("openai", "gpt-6.1-sol", "GPT-6.1 Sol"),
    Line("anthropic", "claude-haiku-5-5", "Claude Haiku 5.5"),
    Line("anthropic", "claude-sonnet-5-5", "Claude Sonnet 5.5"),
    Line("anthropic", "claude-opus-5-5", "Claude Opus 5.5"),
    Line("google", "gemini-3.5-flash-lite", "Gemini 3.5 Flash Lite"),
    Line("google", "gemini-3.8-flash", "Gemini 3.8 Flash"),
    Line("google", "gemini-4-argon", "Gemini 4 Argon"),
    Line("groq", "openai/gpt-oss-20b", "GPT OSS 20B"),
    Line("groq", "openai/gpt-oss-120b", "GPT OSS 120B"),
    Line("xai", "grok-4.3", "Grok 4.3"),
    Line("xai", "grok-4.7", "Grok 4.7"),
    # Still answering, not for long.
    Line("openai", "gpt-4o", "GPT-4o", _day("2027-01-14"), "openai/gpt-6-luna"),
    Line("openai", "gpt-5", "GPT-5", _day("2026-12-11"), "openai/gpt-6.1-terra"),
    Line("openai", "gpt-5-mini", "GPT-5 mini", _day("2026-12-11"), "openai/gpt-6-luna"),
    Line("openai", "o3", "o3", _day("2026-12-11"), "openai/gpt-6.1-sol"),
    Line("google", "gemini-2.5-pro", "Gemini 2.5 Pro", _day("2026-12-01"), "google/gemini-3.8-flash"),
    Line("google", "gemini-2.5-flash", "Gemini 2.5 Flash", _day("2026-12-01"), "google/gemini-3.5-flash-lite"),
    Line("anthropic", "claude-sonnet-4-5", "Claude Sonnet 4.5", _day("2026-11-30"), "anthropic/claude-sonnet-5-5"),
    # Retired.
    Line("openai", "gpt-4-turbo", "GPT-4 Turbo", _day("2026-10-23"), "openai/gpt-6.1-sol"),
    Line("openai", "gpt-4", "GPT-4", _day("2026-10-23"), "openai/gpt-6.1-sol"),
    Line("openai", "gpt-3.5-turbo", "GPT-3.5 Turbo", _day("2026-10-23"), "openai/gpt-6.1-terra"),
    Line("anthropic", "claude-3-opus-20240229", "Claude 3 Opus", _day("2026-01-05"), "anthropic/claude-opus-5-5"),
    Line("anthropic", "claude-3-sonnet-20240229", "Claude 3 Sonnet", _day("2025-07-21"), "anthropic/claude-haiku-5-5"),
    Line("anthropic", "claude-3-5-sonnet-20241022", "Claude 3.5 Sonnet", None, "anthropic/claude-sonnet-5-5", True),
    Line("google", "gemini-2.0-flash", "Gemini 2.0 Flash", _day("2026-06-01"), "google/gemini-3.5-flash-lite"),
    Line("google", "gemini-2.0-flash-exp", "Gemini 2.0 Flash", None, "google/gemini-3.5-flash-lite", True),
    Line("google", "gemini-1.5-flash", "Gemini 1.5 Flash", None, "google/gemini-3.5-flash-lite", True),
    Line("google", "gemini-1.5-pro", "Gemini 1.5 Pro", None, "google/gemini-3.8-flash", True),
]
BY_NAME = {line.name: line for line in LINES}
# The users' documents name models without a provider.
BY_BARE_NAME = {line.model: line for line in reversed(LINES)}


def find(name: str) -> Line | None:
    """The line of "provider/model" or of a bare model id; None for what is not on the list."""
    return BY_NAME.get(name) or BY_BARE_NAME.get(name)


def current(line: Line, today: datetime.date) -> tuple[Line, str]:
    """`line`, or what took its place if it is retired, with a sentence that says so."""
    if not line.is_retired(today):
        return line, ""
    successor = line
    while successor.is_retired(today) and successor.replaced_by:
        successor = BY_NAME[successor.replaced_by]
    since = f" since {line.retires_on:%d %b %Y}".replace(" 0", " ") if line.retires_on else ""
    return successor, f"{line.label} ({line.model}) is retired{since}; {successor.label} writes instead."
