from django.db import models


class Effect(models.Model):
    """What a test job did. Two rows with one name mean that something was done twice."""

    name = models.CharField(max_length=100)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "engine"

    def __str__(self) -> str:
        return self.name
