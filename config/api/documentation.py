"""How drf-spectacular writes the documentation of the API."""

SETTINGS = {
    "TITLE": "Copydesk",
    "DESCRIPTION": "AI content work as background jobs: ask, get 202, watch it happen.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "PREPROCESSING_HOOKS": ["config.api.schema.without_trailing_slash"],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}
