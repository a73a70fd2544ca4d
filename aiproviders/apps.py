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

        if settings.AI_MODEL and settings.AI_MODEL.partition("/")[0] not in PROVIDERS:
            raise ImproperlyConfigured(
                f"AI_MODEL must be one of {', '.join(PROVIDERS)}, or one of them with a model: openai/gpt-6-luna."
            )
        post_migrate.connect(plant_catalogue, sender=self)
