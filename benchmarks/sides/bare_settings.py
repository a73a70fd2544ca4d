"""The benchmark's settings for Django without Copydesk: no middleware, no rate limits, the views of bare_site."""

from benchmarks.settings import *  # noqa: F403
from benchmarks.settings import REST_FRAMEWORK

MIDDLEWARE = []
ROOT_URLCONF = "benchmarks.sides.bare_site"
REST_FRAMEWORK |= {"DEFAULT_THROTTLE_CLASSES": []}
