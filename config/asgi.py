"""ASGI entry point: the live streams and nothing else. Pages and API are WSGI: config/wsgi.py."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from queues.live import application  # noqa: E402

__all__ = ["application"]
