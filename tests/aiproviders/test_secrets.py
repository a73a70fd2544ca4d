"""One canary key through everything that can fail; it must be nowhere but in the provider's own journal."""

import logging
import pickle
import traceback

import pytest
from django.forms.models import model_to_dict

from aiproviders.errors import ProviderError
from aiproviders.models import AICall
from aiproviders.services import complete
from tests.aiproviders.conftest import KEY, PROMPT, point

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
    for name in ("openai", "httpx2", "httpcore2"):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", FAULTS)
def test_the_key_is_in_no_error_row_traceback_or_log(http_provider, fake, every_log_line, fault):
    with pytest.raises(ProviderError) as caught:
        complete(PROMPT, model=f"{http_provider}/{fault}", deadline=0.5, demo_allowed=True)

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


@pytest.mark.django_db(transaction=True)
def test_without_a_configured_key_the_environment_is_not_asked(fake, settings, monkeypatch):
    point(settings, "openai", fake.url, "")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_ADMIN_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", fake.url)

    with pytest.raises(ProviderError) as caught:
        complete(PROMPT, model="openai/ok", demo_allowed=True)

    assert caught.value.kind == AICall.objects.get().outcome == "no_key"
    assert not fake.requests


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("provider", ["openai", "local"])
def test_without_a_configured_address_the_environment_is_not_asked(fake, settings, monkeypatch, provider):
    point(settings, provider, "", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", fake.url)

    with pytest.raises(ProviderError, match="no address"):
        complete(PROMPT, model=f"{provider}/ok", demo_allowed=True)

    assert not fake.requests


@pytest.mark.django_db(transaction=True)
def test_the_sdks_environment_adds_nothing_to_the_request(http_provider, fake, monkeypatch):
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-somebody-else")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-of-somebody-else")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer sk-other\nX-Extra: 1")

    complete(PROMPT, model=f"{http_provider}/ok", demo_allowed=True)

    (request,) = fake.requests
    assert request["key"] == KEY
    assert not [name for name in request["headers"] if name.lower().startswith(("openai-", "x-"))]


@pytest.mark.django_db(transaction=True)
def test_a_proxy_in_the_environment_does_not_see_calls_to_loopback(http_provider, fake, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    assert complete(PROMPT, model=f"{http_provider}/ok", demo_allowed=True).text


def test_a_local_server_without_a_key_gets_none_of_ours(fake, settings, monkeypatch, transactional_db):
    point(settings, "local", fake.url, "")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    complete(PROMPT, model="local/ok", demo_allowed=True)

    assert fake.requests[0]["key"] == "none"
