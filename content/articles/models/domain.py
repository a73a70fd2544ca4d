from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower

HOST = RegexValidator(
    r"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}\Z", "A host name, like blog.example.com"
)


class Domain(models.Model):
    """A site under a name of its own that shows articles: requests with this Host get its articles.

    Its name has to be in ALLOWED_HOSTS, and to lead to this server.
    """

    host = models.CharField(max_length=253, unique=True, validators=[HOST], help_text="Small letters, no port.")
    name = models.CharField(max_length=100)
    active = models.BooleanField(default=True, help_text="Takes new orders. What is published stays.")

    class Meta:
        ordering = ["host"]
        constraints = [models.CheckConstraint(condition=models.Q(host=Lower("host")), name="domain_host_small")]

    def __str__(self) -> str:
        return self.host

    @property
    def url(self) -> str:
        """Its address, over the same scheme as this site's."""
        return f"{settings.PUBLIC_URL.partition(':')[0]}://{self.host}"
