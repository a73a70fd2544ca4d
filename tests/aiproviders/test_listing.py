"""A provider's own list of models: for the catalogue, and the cheapest check of a key."""

from datetime import date

import pytest

from aiproviders import registry
from aiproviders.base import ListedModel
from aiproviders.errors import ProviderError
from aiproviders.secret import Secret
from tests.aiproviders.conftest import DIALECTS, KEY

LISTED = {
    "openai": [ListedModel("gpt-6-luna"), ListedModel("gpt-4o", 131072, date(2027, 1, 14))],
    "anthropic": [
        ListedModel("claude-haiku-5-5", 200000),
        ListedModel("claude-sonnet-4-5", None, date(2026, 11, 30)),
    ],
    "google": [ListedModel("gemini-3.5-flash-lite", 1048576)],
    "google-legacy": [ListedModel("gemini-3.5-flash-lite", 1048576)],
}
FAULTS = {
    "status-401": "auth",
    "status-500": "server",
    "retry-after-7": "rate_limit",
    "redirect": "bad_request",
    "html": "malformed",
    "empty-object": "malformed",
    "list": "malformed",
    "reset": "connection",
    "drip": "timeout",
}


def models(provider: str, deadline: float = 20, key: str = KEY) -> list[ListedModel]:
    return registry.provider(provider, key=Secret(key)).list_models(deadline=deadline)


def test_models_come_with_what_the_provider_tells_of_them(http_provider, fake):
    assert models(http_provider) == LISTED[http_provider if http_provider in DIALECTS else "openai"]
    (request,) = fake.requests
    assert request["key"] == KEY


@pytest.mark.parametrize(("fault", "kind"), FAULTS.items())
def test_a_fault_becomes_its_kind_after_one_request(http_provider, fake, fault, kind):
    fake.listing = fault

    with pytest.raises(ProviderError) as caught:
        models(http_provider, deadline=0.5 if fault == "drip" else 20)

    assert caught.value.kind == kind and caught.value.__context__ is None
    assert len(fake.requests) == 1


def test_a_wrong_key_is_found_out(http_provider, fake):
    with pytest.raises(ProviderError, match="the key was refused"):
        models(http_provider, key="sk-wrong-key")


def test_the_extract_writer_lists_itself():
    assert registry.provider("extract").list_models(deadline=1) == [ListedModel("extract/1")]
