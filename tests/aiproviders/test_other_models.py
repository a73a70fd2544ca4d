import pytest

from aiproviders.errors import ProviderError
from aiproviders.services import other_models

pytestmark = pytest.mark.django_db
GPT, MINI, HAIKU = "openai/gpt-6", "openai/gpt-6-mini", "anthropic/claude-haiku-5-5"


@pytest.fixture(autouse=True)
def chain(settings):
    settings.AI_MODEL, settings.AI_FALLBACKS, settings.LOCAL_LLM_URL = GPT, [MINI, HAIKU, "local"], "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("author", "others"),
    [
        (("openai", "gpt-6"), [MINI, HAIKU]),
        (("openai", "gpt-6-2026-08-01"), [MINI, HAIKU]),
        (("openai", "gpt-6-mini"), [GPT, HAIKU]),
        (("openai", "gpt-6-mini-20260801"), [GPT, HAIKU]),
        (("anthropic", "claude-haiku-5-5"), [GPT, MINI]),
        (("groq", "gpt-6"), [GPT, MINI, HAIKU]),
    ],
)
def test_the_others_are_all_of_the_chain_but_the_author_and_the_built_in_model(author, others):
    assert other_models(*author) == others


def test_nobody_is_left_of_a_chain_of_one(settings):
    settings.AI_FALLBACKS = ["local"]
    assert other_models("openai", "gpt-6") == []


def test_a_chain_without_a_real_model_has_no_others(settings):
    settings.AI_MODEL, settings.AI_FALLBACKS = "local", []
    with pytest.raises(ProviderError, match="only the demo writer"):
        other_models("local", "x")
