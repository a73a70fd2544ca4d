"""How Django REST framework works here: each part stands in a module beside this one."""

SETTINGS = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "config.api.authentication.BearerToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.api.parsing.StrictJSON"],
    "DEFAULT_THROTTLE_CLASSES": ["config.api.throttles.PerCaller"],
    "DEFAULT_PAGINATION_CLASS": "config.api.paging.Pages",
    "DEFAULT_SCHEMA_CLASS": "config.api.schema.Schema",
    "EXCEPTION_HANDLER": "config.api.problems.handle",
}
