from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "content.articles"
    verbose_name = "Articles"
