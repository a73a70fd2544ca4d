"""The composition root: settings, URLs, the Celery app, and the commands that start the whole system.

May import every app; no app imports it.
"""

import gc

# A process loads 1,500 modules that stay. Looking through them after every 700 new objects, as Python does by default,
# was a seventh of each start.
gc.set_threshold(10_000, 20, 50)

from config.celery import app as celery_app  # noqa: E402

__all__ = ["celery_app"]
