from django.db import models
from django.db.models.functions import Lower


class UnwantedPhrase(models.Model):
    """Words that the house does not want in its articles ("in today's fast-paced world"); staff keep the list."""

    words = models.CharField(max_length=100, help_text="As whole words, whatever the case.")

    class Meta:
        ordering = ["words"]
        constraints = [
            models.UniqueConstraint(
                Lower("words"), name="unwanted_phrase_once", violation_error_message="It is on the list already."
            )
        ]

    def __str__(self) -> str:
        return self.words
