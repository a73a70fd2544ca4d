import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured


@pytest.mark.parametrize("model", ["", "extract", "local", "openai/gpt-6-luna", "openai/vendor/model"])
def test_a_model_of_a_known_provider_may_start(settings, model):
    settings.AI_MODEL = model

    apps.get_app_config("aiproviders").ready()


@pytest.mark.parametrize("model", ["gpt-6-luna", "closedai/x", "/x"])
def test_a_model_nobody_serves_stops_the_start_and_names_the_variable(settings, model):
    settings.AI_MODEL = model

    with pytest.raises(ImproperlyConfigured, match="AI_MODEL"):
        apps.get_app_config("aiproviders").ready()


@pytest.mark.parametrize(
    ("variable", "value"), [("AI_FALLBACKS", ["openai/x", "closedai/x"]), ("AI_RATE_LIMITS", {"closedai": (1, 1)})]
)
def test_a_fallback_or_a_limit_of_nobody_stops_the_start_too(settings, variable, value):
    setattr(settings, variable, value)

    with pytest.raises(ImproperlyConfigured, match=f"{variable}.*closedai"):
        apps.get_app_config("aiproviders").ready()
