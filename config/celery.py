"""The Celery app: executes attempts that the dispatcher publishes. Settings: CELERY_* in settings.py."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Celery runs Django's checks when a worker starts, and drops what they find. They load every page, which no job needs.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

app = Celery("copydesk", events="config.events:ThreadSafeEvents")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["consumer"].add("queues.worker:Wire")
