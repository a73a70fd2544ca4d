"""WSGI entry point: pages and API."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest  # noqa: E402


class Request(WSGIRequest):
    """Django reads the Content-Type while it makes the request, where nothing could answer 400 instead of falling."""

    def __init__(self, environ: dict) -> None:
        try:
            super().__init__(environ)
        except (LookupError, ValueError):  # a parameter in a charset that there is not, or not in the one that it names
            super().__init__(environ | {"CONTENT_TYPE": ""})


class Application(WSGIHandler):
    request_class = Request


django.setup(set_prefix=False)
application = Application()

from config import urls  # noqa: E402, F401  every page is loaded before the first visitor comes
