"""What the OpenAPI document needs to know beyond the views."""

import re

from django.db import connection
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework.fields import Field


class BearerTokenScheme(OpenApiAuthenticationExtension):
    target_class = "config.api.authentication.BearerToken"
    name = "bearer"

    def get_security_definition(self, auto_schema) -> dict:
        return {"type": "http", "scheme": "bearer", "description": "`manage.py token NAME` prints one."}


def without_trailing_slash(endpoints: list[tuple]) -> list[tuple]:
    """Paths work with and without a slash at the end (`/?$`); the document shows them without."""
    return [(re.sub(r"(?<=.)/$", "", path), pattern, method, view) for path, pattern, method, view in endpoints]


PROBLEM = {
    "type": "object",
    "description": "RFC 9457.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "For programs."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {name: {"type": "string"} for name in ("pointer", "code", "detail")},
            },
        },
    },
}
CONTENT = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
RETRY_AFTER = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}


class Schema(AutoSchema):
    """An operation with what all have in common: problems, limits, and the key of a POST."""

    def get_operation(self, *args, **kwargs) -> dict | None:
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        responses = operation["responses"]
        if self.method == "POST":
            operation.setdefault("parameters", []).append(self._key_parameter())
            responses.setdefault("409", {"description": "The first request with this key is still at work."})
            responses.setdefault("422", {"description": "The Idempotency-Key came with another body before."})
        if getattr(self.view, "throttle_scope", ""):
            responses["429"] = {"description": "Too many requests in a minute.", "headers": RETRY_AFTER}
        responses["default"] = {"description": "Any other error."}
        for status, response in responses.items():
            if status == "default" or status >= "400":
                response.setdefault("content", CONTENT)
        return operation

    def _insert_field_validators(self, field: Field, schema: dict) -> None:
        """Without the largest number that a column holds: it says nothing, and is another one on each database."""
        super()._insert_field_validators(field, schema)
        model = getattr(getattr(field.parent, "Meta", None), "model", None)
        columns = {column.name: column.get_internal_type() for column in model._meta.fields} if model else {}
        if columns.get(field.source, "").endswith("IntegerField"):
            most = connection.ops.integer_field_range(columns[field.source])[1]
            if schema.get("maximum") == most:
                del schema["maximum"]
                schema.pop("format", None)

    def _key_parameter(self) -> dict:
        return {
            "in": "header",
            "name": "Idempotency-Key",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
            "required": getattr(self.view, "idempotency_key_required", False),
            "description": "A new UUID for a new request, the same one for its repetition.",
        }


def with_problems(result: dict, generator, request, public) -> dict:
    """Adds the schema that all errors refer to."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    return result
