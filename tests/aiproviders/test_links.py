import logging

import pytest

from aiproviders.errors import ProviderError
from aiproviders.links import links_of
from aiproviders.models import AISettings


def links(chosen=None, *, model=None, fallbacks=None, demo_allowed=False) -> list[str]:
    found = links_of(chosen, model=model, fallbacks=fallbacks, demo_allowed=demo_allowed)
    return [str(choice) for choice in found]


@pytest.fixture(autouse=True)
def house(settings):
    settings.AI_MODEL = "openai/default"
    settings.AI_FALLBACKS = ["openai/house-1", "openai/house-2"]


@pytest.fixture
def chosen() -> AISettings:
    return AISettings(preferred_model="openai/mine", fallbacks=["openai/own-1", "openai/own-2"])


def test_the_house_asks_its_default_and_then_its_fallbacks():
    assert links() == ["openai/default", "openai/house-1", "openai/house-2"]


def test_a_users_choice_comes_before_the_houses(chosen):
    assert links(chosen) == ["openai/mine", "openai/own-1", "openai/own-2", "openai/house-1", "openai/house-2"]


def test_a_user_who_prefers_nothing_has_the_default_first():
    assert links(AISettings(fallbacks=["openai/own-1"]))[:2] == ["openai/default", "openai/own-1"]


def test_a_model_that_is_asked_for_comes_first(chosen):
    assert links(chosen, model="openai/this")[:2] == ["openai/this", "openai/own-1"]


def test_named_fallbacks_replace_all_others(chosen):
    assert links(chosen, fallbacks=["openai/that"]) == ["openai/mine", "openai/that"]
    assert links(chosen, fallbacks=[]) == ["openai/mine"]


def test_each_model_comes_once_where_it_came_first(chosen, settings):
    chosen.fallbacks = ["openai/house-1", "openai/mine", "openai/own-1"]
    settings.AI_FALLBACKS = ["openai/own-1", "openai/house-1", "openai/mine", "openai/last"]
    assert links(chosen) == ["openai/mine", "openai/house-1", "openai/own-1", "openai/last"]


def test_demo_writers_come_only_where_they_are_allowed(settings):
    settings.AI_FALLBACKS = ["local", "extract"]
    assert links() == ["openai/default"]
    assert links(demo_allowed=True) == ["openai/default", "local/copydesk-local", "extract/extract/1"]


@pytest.mark.parametrize("name", ["local", "extract", "local/other"])
def test_work_that_no_demo_writer_may_do_says_how_to_get_a_real_one(settings, name):
    settings.AI_FALLBACKS = []
    settings.AI_MODEL = name
    with pytest.raises(ProviderError, match="OPENAI_API_KEY") as caught:
        links()
    assert (caught.value.kind, caught.value.permanent) == ("no_key", True)
    with pytest.raises(ProviderError, match="OPENAI_API_KEY"):
        links(model=name)


def test_somebodys_own_local_model_is_no_demo(settings):
    settings.LOCAL_MODEL_PATH = "/models/Qwen3-8B-Q4.gguf"
    assert links(model="local", fallbacks=[]) == ["local/copydesk-local"]


def test_a_fallback_that_has_gone_is_left_out_and_logged(settings, caplog):
    caplog.set_level(logging.WARNING)
    settings.AI_FALLBACKS = ["closedai/x", "openai/house-2"]
    assert links() == ["openai/default", "openai/house-2"]
    assert "closedai" in caplog.text


def test_a_first_model_that_does_not_exist_is_an_error():
    with pytest.raises(ProviderError, match="closedai") as caught:
        links(model="closedai/x")
    assert caught.value.kind == "not_found"
