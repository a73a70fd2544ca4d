"""One canary key through everything that can fail; it must be nowhere but in the provider's own journal."""

import logging
import pickle
import traceback

import pytest
from django.forms.models import model_to_dict

from aiproviders import registry
from aiproviders.backends.lane import HEADERS
from aiproviders.errors import ProviderError
from aiproviders.models import AICall
from aiproviders.secret import Secret
from aiproviders.services import complete
from tests.aiproviders.conftest import KEY, PROMPT, PROVIDERS, SETTINGS, address, point

FAULTS = [
    "echo-key-400",
    "echo-key-401",
    "echo-key-429",
    "echo-key-500",
    "html",
    "not-json",
    "reset",
    "refusal",
    "drip",
]


def everything_shown(error: ProviderError, log: str) -> str:
    frames = traceback.TracebackException.from_exception(error, capture_locals=True)
    rows = [model_to_dict(row) for row in AICall.objects.all()]
    return "\n".join([*frames.format(), str(error), repr(error), repr(pickle.dumps(error)), repr(rows), log])


@pytest.fixture
def every_log_line(caplog):
    caplog.set_level(logging.DEBUG)
    for name in ("openai", "anthropic", "google_genai", "google", "urllib3", "httpx2", "httpcore2"):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", FAULTS)
def test_the_key_is_in_no_error_row_traceback_or_log(http_provider, fake, every_log_line, fault):
    with pytest.raises(ProviderError) as caught:
        complete(PROMPT, model=f"{http_provider}/{fault}", deadline=1 if fault == "drip" else 20, demo_allowed=True)

    assert fake.requests[0]["key"] == KEY
    assert KEY not in everything_shown(caught.value, every_log_line.text)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("damage", ["\n", " ", "\n\n", "\x00", "ü", "\r\nX-Injected: 1"])
def test_a_key_that_would_break_the_header_is_refused_before_anything_leaves(
    http_provider, fake, settings, every_log_line, damage
):
    point(settings, http_provider, fake.url, KEY + damage)

    with pytest.raises(ProviderError) as caught:
        complete(PROMPT, model=f"{http_provider}/ok", demo_allowed=True)

    assert caught.value.kind == "auth"
    assert not fake.requests
    assert KEY not in everything_shown(caught.value, every_log_line.text)


@pytest.mark.parametrize("damage", ["\n", " ", "ü", "\r\nX-Injected: 1"])
def test_a_broken_key_given_by_a_caller_is_refused_too(http_provider, fake, every_log_line, damage):
    backend = registry.provider(http_provider, key=Secret(KEY + damage))

    with pytest.raises(ProviderError) as caught:
        backend.complete(PROMPT, model="ok", schema=None, deadline=20, max_tokens=100)

    assert caught.value.kind == "auth"
    assert not fake.requests
    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert KEY not in "\n".join([*frames.format(), repr(pickle.dumps(caught.value)), every_log_line.text])


KEYS = ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "GEMINI_API_KEY")
KEYS += ("GOOGLE_API_KEY", "GROQ_API_KEY", "GROK_API_KEY", "XAI_API_KEY")
ADDRESSES = ("OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "GOOGLE_GEMINI_BASE_URL")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("provider", [name for name in PROVIDERS if name != "local"])
@pytest.mark.parametrize("key", [None, Secret("")])
def test_without_a_key_the_environment_is_not_asked(fake, settings, monkeypatch, router, provider, key):
    if provider in SETTINGS:
        point(settings, provider, address(fake, provider), "")
    for name in KEYS:
        monkeypatch.setenv(name, KEY)
    for name in ADDRESSES:
        monkeypatch.setenv(name, fake.url)

    with pytest.raises(ProviderError) as whole:
        complete(PROMPT, model=f"{provider}/ok")
    backend = registry.provider(provider, key=key)
    with pytest.raises(ProviderError) as direct:
        backend.complete(PROMPT, model="ok", schema=None, deadline=20, max_tokens=100)
    with pytest.raises(ProviderError) as listing:
        backend.list_models(deadline=20)

    assert {caught.value.kind for caught in (whole, direct, listing)} == {"no_key"}
    assert not fake.requests


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("provider", sorted(SETTINGS))
def test_without_a_configured_address_the_environment_is_not_asked(fake, settings, monkeypatch, provider):
    point(settings, provider, "", KEY)
    for name in ADDRESSES:
        monkeypatch.setenv(name, fake.url)

    with pytest.raises(ProviderError, match="no address"):
        complete(PROMPT, model=f"{provider}/ok", demo_allowed=True)

    assert not fake.requests


ENVIRONMENT = {
    "OPENAI_ORG_ID": "org-of-somebody-else",
    "OPENAI_PROJECT_ID": "proj-of-somebody-else",
    "OPENAI_CUSTOM_HEADERS": "Authorization: Bearer sk-other\nX-Extra: 1",
    "ANTHROPIC_AUTH_TOKEN": "sk-other",
    "ANTHROPIC_CUSTOM_HEADERS": "authorization: Bearer sk-other\nX-Extra: 1\nanthropic-beta: odd",
    "GOOGLE_API_KEY": "sk-other",
    "GOOGLE_GENAI_USE_VERTEXAI": "true",
    "GOOGLE_GENAI_API_VERSION": "v9",
    "GOOGLE_CLOUD_PROJECT": "project-of-somebody-else",
}


@pytest.mark.django_db(transaction=True)
def test_the_sdks_environment_changes_nothing_about_the_request(http_provider, fake, monkeypatch):
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)

    complete(PROMPT, model=f"{http_provider}/ok", demo_allowed=True)

    (request,) = fake.requests
    assert request["key"] == KEY
    assert {name.lower() for name in request["headers"]} <= HEADERS | {"authorization", "x-goog-api-key"}
    assert "sk-other" not in str(request)


@pytest.mark.django_db(transaction=True)
def test_a_proxy_in_the_environment_does_not_see_calls_to_loopback(http_provider, fake, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    assert complete(PROMPT, model=f"{http_provider}/ok", demo_allowed=True).text


def test_a_local_server_without_a_key_gets_none_of_ours(fake, settings, monkeypatch, transactional_db):
    point(settings, "local", fake.url, "")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    complete(PROMPT, model="local/ok", demo_allowed=True)

    assert fake.requests[0]["key"] == "none"
