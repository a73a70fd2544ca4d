"""The composition root: settings, URLs, the Celery app, and the commands that start the whole system.

May import every app; no app imports it.
"""

from config.celery import app as celery_app

__all__ = ["celery_app"]
