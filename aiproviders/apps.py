from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models.signals import post_migrate


def plant_catalogue(**_: object) -> None:
    """The models on our list, so that a new database has something to choose from."""
    from aiproviders import catalogue

    catalogue.plant()


class AIProvidersConfig(AppConfig):
    name = "aiproviders"
    verbose_name = "Language models"

    def ready(self) -> None:
        """A model nobody can reach stops the start, not the first order."""
        from aiproviders.registry import PROVIDERS

        for variable, names in (
            ("AI_MODEL", filter(None, [settings.AI_MODEL])),
            ("AI_FALLBACKS", settings.AI_FALLBACKS),
            ("AI_RATE_LIMITS", settings.AI_RATE_LIMITS),
        ):
            if unknown := [name for name in names if name.partition("/")[0] not in PROVIDERS]:
                known = ", ".join(PROVIDERS)
                form = "" if variable == "AI_RATE_LIMITS" else ", or one of them with a model: openai/gpt-6-luna"
                raise ImproperlyConfigured(f"{variable}: {unknown[0]!r} must be one of {known}{form}.")
        post_migrate.connect(plant_catalogue, sender=self)
