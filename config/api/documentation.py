"""How drf-spectacular writes the documentation of the API."""

DESCRIPTION = """AI content work as background jobs: ask, get 202, watch it happen.

* Names are camelCase, times ISO 8601 in UTC, ids UUIDs. Paths work with and without a slash at the end.
* `Authorization: Bearer cd_...`; `manage.py token NAME` prints a token.
* Send an `Idempotency-Key` (a new UUID) with a POST, and the same one when you repeat it: there is one effect, and for
  24 hours the first answer comes again, with `Idempotency-Replayed: true`. Another body under the same key is refused
  with 422; while the first request is still at work, 409 says when to come back. A request that was refused has used
  up no key. Keys count per token or user and endpoint; a request that broke off frees its key after 60 seconds.
* Lists have `results`, `next` and `previous`; `limit` is at most 100.
* Too many requests are refused with 429 and `Retry-After`.
* Errors are `application/problem+json` (RFC 9457); wrong fields are in `errors`, each with a JSON pointer.
"""

SETTINGS = {
    "TITLE": "Copydesk",
    "DESCRIPTION": DESCRIPTION,
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "PREPROCESSING_HOOKS": ["config.api.schema.without_trailing_slash"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.api.schema.with_problems",
    ],
    # Fields of the same name in different workflows, each with values of its own.
    "ENUM_NAME_OVERRIDES": {
        "SourceEnum": "content.articles.models.Source.values",
        "ListingEnum": "content.blog.catalogues.base.LISTINGS",
        "OrderStatusEnum": "orders.states.OrderStatus.values",
        "ProductKindEnum": "orders.models.catalogue.ProductKind",
        "QueuedStatusEnum": [("queued", "queued")],
        "RunStateEnum": "content.blog.runs.progress.STATES",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}
