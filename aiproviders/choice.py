"""Which model writes."""

from pathlib import Path

from django.conf import settings
from django.utils import timezone

from aiproviders import keys, registry, seed
from aiproviders.base import ModelChoice


def default_model() -> ModelChoice:
    """The model that writes when nobody asks for one.

    AI_MODEL, else that of the first provider for which the house has a key, else the built-in one, else extract: a
    demo writes only where nothing better is configured. Asks the database every two seconds at most.
    """
    if settings.AI_MODEL:
        return choose(settings.AI_MODEL)
    for provider in keys.accounts():
        if registry.entry(provider).default_model and keys.house_has(provider):
            return choose(provider)
    return choose("local" if settings.LOCAL_LLM_URL else "extract")


def choose(name: str) -> ModelChoice:
    """The model called `name`: "provider/model", "provider" for its default, or the bare id of a model on our list.

    A retired name gives its successor, with a notice. Raises ProviderError("not_found").
    """
    provider, _, model = name.partition("/")
    notice = ""
    known = provider in registry.PROVIDERS
    if found := seed.BY_NAME.get(f"{keys.account_of(provider)}/{model}") if known else seed.find(name):
        successor, notice = seed.current(found, timezone.now().date())
        provider, model = provider if known else successor.provider, successor.model
    line = registry.entry(provider)
    model = model or line.default_model
    label, is_demo = f"{line.label} {model}", False
    if provider == "extract":
        label, is_demo = "Automatic extract (not written by AI)", True
    elif provider == "local":
        own = settings.LOCAL_MODEL_PATH
        label, is_demo = f"{Path(own).stem if own else 'SmolLM2-135M-Instruct'} (built in)", not own
    return ModelChoice(provider=provider, model=model, label=label, is_demo=is_demo, notice=notice)
