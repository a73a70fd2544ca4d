import pytest

from aiproviders.choice import choose, default_model

KEY, LOCAL = {"OPENAI_API_KEY": "sk-x"}, {"LOCAL_LLM_URL": "http://127.0.0.1:1/v1"}


@pytest.mark.parametrize(
    ("configured", "expected"),
    [
        ({}, "extract/extract/1"),
        (LOCAL, "local/copydesk-local"),
        (KEY | LOCAL, "openai/gpt-6-luna"),
        (KEY | LOCAL | {"AI_MODEL": "extract"}, "extract/extract/1"),
        (KEY | LOCAL | {"AI_MODEL": "local"}, "local/copydesk-local"),
        (LOCAL | {"AI_MODEL": "openai/gpt-6.1-sol"}, "openai/gpt-6.1-sol"),
    ],
)
def test_the_best_configured_model_writes(settings, configured, expected):
    for name, value in configured.items():
        setattr(settings, name, value)

    assert str(default_model()) == expected


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
