from django.apps import AppConfig


class AIProvidersConfig(AppConfig):
    name = "aiproviders"
