"""The states of a post."""

from django.db import models


class PostState(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"


class Generator(models.TextChoices):
    """Who wrote a version."""

    AI = "ai", "Language model"
    TEMPLATE = "template", "Automatic text from catalogue data"
    STAFF = "staff", "Edited by staff"
