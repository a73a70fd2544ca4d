from django.db import models


class Sealed(models.Model):
    """A row with something sealed in it (aiproviders/vault.py), of whatever app: rotation finds all of them."""

    token = models.TextField(editable=False)

    class Meta:
        abstract = True

    @property
    def sealed_for(self) -> str:
        """What must stand inside the sealed token."""
        raise NotImplementedError
