"""The Celery app: executes attempts that the dispatcher publishes. Settings: CELERY_* in settings.py."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("copydesk", events="config.events:ThreadSafeEvents")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["consumer"].add("queues.worker:Wire")
