import datetime

import pytest

from aiproviders import keys, seed
from aiproviders.choice import choose, default_model
from aiproviders.errors import ProviderError

KEY, LOCAL = {"OPENAI_API_KEY": "sk-x"}, {"LOCAL_LLM_URL": "http://127.0.0.1:1/v1"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("configured", "expected"),
    [
        ({}, "extract/extract/1"),
        (LOCAL, "local/copydesk-local"),
        (KEY | LOCAL, "openai/gpt-6-luna"),
        (KEY | LOCAL | {"AI_MODEL": "extract"}, "extract/extract/1"),
        (KEY | LOCAL | {"AI_MODEL": "local"}, "local/copydesk-local"),
        (LOCAL | {"AI_MODEL": "openai/gpt-6.1-sol"}, "openai/gpt-6.1-sol"),
        (LOCAL | {"ANTHROPIC_API_KEY": "sk-x"}, "anthropic/claude-haiku-5-5"),
        (LOCAL | {"GROK_API_KEY": "sk-x", "GROQ_API_KEY": "sk-x"}, "groq/openai/gpt-oss-20b"),
    ],
)
def test_the_best_configured_model_writes(settings, configured, expected):
    for name, value in configured.items():
        setattr(settings, name, value)

    assert str(default_model()) == expected


@pytest.mark.django_db
def test_a_house_key_from_the_admin_ends_the_time_of_the_demo_writer(settings, django_user_model):
    settings.LOCAL_LLM_URL = "http://127.0.0.1:1/v1"
    keys.save("google", "sk-somebodys", user=django_user_model.objects.create_user("ada"))
    assert default_model().is_demo
    keys.save("google", "sk-the-houses")
    assert default_model().provider == "google"


def test_a_models_name_may_hold_a_slash():
    assert choose("openai/vendor/model-7b").model == "vendor/model-7b"


def test_the_built_in_model_is_named_and_marked_as_a_demo():
    choice = choose("local")

    assert (choice.label, choice.is_demo, choice.writes_text) == ("SmolLM2-135M-Instruct (built in)", True, True)


def test_somebodys_own_local_model_is_no_demo(settings):
    settings.LOCAL_MODEL_PATH = "/models/Qwen3-8B-Q4.gguf"

    assert (choose("local").label, choose("local").is_demo) == ("Qwen3-8B-Q4 (built in)", False)


def test_the_extract_writer_is_not_called_ai():
    choice = choose("extract")

    assert (choice.is_demo, choice.writes_text) == (True, False)
    assert "not written by AI" in choice.label


def test_openai_is_no_demo():
    assert not choose("openai").is_demo


@pytest.mark.parametrize(
    "name",
    """gemini-1.5-flash gemini-1.5-pro gemini-2.0-flash-exp gpt-4o gpt-4-turbo gpt-4 gpt-3.5-turbo
    claude-3-5-sonnet-20241022 claude-3-opus-20240229 claude-3-sonnet-20240229""".split(),
)
def test_every_model_of_the_users_documents_leads_to_one_that_answers(name):
    provider = seed.find(name).provider

    for asked in (name, f"{provider}/{name}"):
        choice = choose(asked)
        assert choice.provider == provider
        assert not seed.BY_NAME[str(choice)].is_retired(seed.AS_OF)


def test_a_retired_model_is_replaced_with_a_notice():
    assert (str(choose("openai/gpt-4")), str(choose("gpt-4"))) == ("openai/gpt-6.1-sol",) * 2
    assert choose("gpt-4").notice == "GPT-4 (gpt-4) is retired since 23 Oct 2026; GPT-6.1 Sol writes instead."
    assert not choose("openai/gpt-6-luna").notice


def test_a_model_is_replaced_from_the_day_of_its_end(monkeypatch):
    line = seed.find("gpt-4o")
    day = datetime.timedelta(days=1)

    assert seed.current(line, line.retires_on - day) == (line, "")
    assert seed.current(line, line.retires_on)[0].model == "gpt-6-luna"


def test_every_successor_on_the_list_is_on_the_list():
    assert {line.replaced_by for line in seed.LINES} - {""} <= set(seed.BY_NAME)
    assert all(line.replaced_by for line in seed.LINES if line.gone or line.retires_on)


def test_a_providers_name_comes_before_a_models():
    assert str(choose("openai/gpt-oss-20b")) == "openai/gpt-oss-20b"


def test_the_legacy_backend_follows_the_same_list():
    assert str(choose("google-legacy/gemini-1.5-pro")) == "google-legacy/gemini-3.8-flash"


def test_an_unknown_model_without_a_provider_is_not_found():
    with pytest.raises(ProviderError, match="known: "):
        choose("nobody-knows-this")
