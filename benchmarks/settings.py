"""The product's settings plus an app with the work that is measured, and its queues."""

from config.settings import *  # noqa: F403
from config.settings import API_LIMITS, CELERY_TASK_QUEUES, INSTALLED_APPS, QUEUES

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.app"]
ROOT_URLCONF = "benchmarks.app.urls"
API_LIMITS = dict.fromkeys(API_LIMITS, 10**9)  # counted as always, and never reached
QUEUES |= {
    "bench": {},
    "bench-free": {},
    "bench-100": {"rate": (100, 6)},
    "bench-10": {"rate": (10, 6)},
}
CELERY_TASK_QUEUES |= {name: {} for name in QUEUES}
