"""What the OpenAPI document needs to know beyond the views."""

import re

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class BearerTokenScheme(OpenApiAuthenticationExtension):
    target_class = "config.api.authentication.BearerToken"
    name = "bearer"

    def get_security_definition(self, auto_schema) -> dict:
        return {"type": "http", "scheme": "bearer", "description": "`manage.py token NAME` prints one."}


def without_trailing_slash(endpoints: list[tuple]) -> list[tuple]:
    """Paths work with and without a slash at the end (`/?$`); the document shows them without."""
    return [(re.sub(r"(?<=.)/$", "", path), pattern, method, view) for path, pattern, method, view in endpoints]
