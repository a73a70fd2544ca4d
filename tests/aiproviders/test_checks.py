import pytest
from django.contrib.auth import get_user_model

from aiproviders import checks, keys
from aiproviders.errors import ProviderError
from aiproviders.models import AIKey, LanguageModel
from aiproviders.services import complete
from tests.aiproviders.conftest import KEY, PROMPT, SETTINGS, address, point

pytestmark = pytest.mark.django_db(transaction=True)
OWN = "sk-canary-of-ada-91c0"


@pytest.fixture
def ada():
    return get_user_model().objects.create_user("ada")


@pytest.fixture(params=[name for name in sorted(SETTINGS) if name != "local"])
def provider(request, settings, fake) -> str:
    """The name of a provider that takes keys, pointed at the fake server; the house has no key."""
    point(settings, request.param, address(fake, request.param), "")
    return request.param


def test_a_key_that_works_is_noted_as_such(provider, fake, ada):
    keys.save(provider, OWN, user=ada)

    found = checks.check(provider, user=ada)

    (request,) = fake.requests
    row = AIKey.objects.get()
    assert (found.ok, found.kind, found.scope, found.reason) == (True, "", "user", "")
    assert found.models > 0
    assert request["key"] == OWN
    assert row.last_checked_at == row.last_ok_at is not None
    assert row.last_used_at is None


def test_a_key_that_is_refused_says_why_and_what_to_do(provider, fake, ada):
    keys.save(provider, f"wrong-{OWN}", user=ada)

    found = checks.check(provider, user=ada)

    row = AIKey.objects.get()
    assert (found.ok, found.kind, row.last_error_kind, row.last_ok_at) == (False, "auth", "auth", None)
    assert row.last_checked_at is not None
    assert "Replace it" in found.reason


@pytest.mark.parametrize(
    ("listing", "kind"), [("quota", "quota"), ("html", "malformed"), ("status-500", "server"), ("reset", "connection")]
)
def test_other_failures_are_named_too(openai, settings, ada, listing, kind):
    openai.listing = listing
    keys.save("openai", OWN, user=ada)

    assert checks.check("openai", user=ada).kind == AIKey.objects.get().last_error_kind == kind


def test_a_server_that_drips_is_left_after_the_deadline(openai, ada, monkeypatch):
    monkeypatch.setattr(checks, "DEADLINE_SECONDS", 0.3)
    openai.listing = "drip"
    keys.save("openai", OWN, user=ada)

    assert checks.check("openai", user=ada).kind == "timeout"


def test_without_an_own_key_the_houses_is_checked(openai, ada):
    found = checks.check("openai", user=ada)

    assert (found.ok, found.scope) == (True, "house")
    assert openai.requests[0]["key"] == KEY


def test_without_any_key_no_request_leaves(provider, fake, ada, monkeypatch):
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY", "GROQ_API_KEY"):
        monkeypatch.setenv(name, KEY)

    found = checks.check(provider, user=ada)

    assert (found.ok, found.kind) == (False, "no_key")
    assert not fake.requests


def test_an_unreadable_key_is_not_sent(openai, ada):
    keys.save("openai", OWN, user=ada)
    AIKey.objects.update(token="damaged")

    assert checks.check("openai", user=ada).kind == keys.UNREADABLE
    assert AIKey.objects.get().last_error_kind == keys.UNREADABLE
    assert not openai.requests


def test_every_kind_of_error_has_advice_that_holds_no_key(openai, ada):
    assert all(advice.endswith(".") for advice in checks.ADVICE.values())
    assert checks.advice("bad_request") == checks.OTHERWISE
    assert checks.advice("") == ""


def test_a_key_of_the_settings_that_was_refused_for_a_while_is_used_again_after_the_nightly_refresh(openai):
    for model in ("status-401", "ok"):
        with pytest.raises(ProviderError):
            complete(PROMPT, model=f"openai/{model}")

    checks.refresh_catalogue()

    assert complete(PROMPT, model="openai/ok").text
    assert [request["model"] for request in openai.requests] == ["status-401", "None", "ok"]


def test_the_catalogue_is_refreshed_from_every_provider_of_whom_the_house_has_a_key(settings, fake):
    for name in ("openai", "anthropic", "google"):
        point(settings, name, address(fake, name), KEY)
    point(settings, "groq", address(fake, "groq"), "wrong-key-here")

    found = checks.refresh_catalogue()

    assert found["groq"] == "failed: auth"
    assert {name for name, said in found.items() if said.endswith("models")} == {"openai", "anthropic", "google"}
    assert len(fake.requests) == 4
    luna = LanguageModel.objects.get(model="gpt-6-luna")
    assert luna.seen_at is not None
    assert LanguageModel.objects.get(model="gpt-6.1-sol").missing_since is not None
    assert LanguageModel.objects.get(provider="groq", model="openai/gpt-oss-20b").missing_since is None
