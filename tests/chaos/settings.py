"""The tests' settings plus the jobs of the chaos run and an address where they can be asked for."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.chaos"]
ROOT_URLCONF = "tests.chaos.urls"
RECURRING_JOBS = {"every minute": {"kind": "orders.expire_unpaid", "every": 60}}
CELERY_BEAT_SCHEDULE = {"celery.backend_cleanup": {"task": "queues.enqueue_recurring", "schedule": 5}}
