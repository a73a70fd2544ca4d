"""The tests' settings for a worker that soon asks a silent Redis whether it is there."""

from tests.settings import *  # noqa: F403
from tests.settings import CELERY_BROKER_TRANSPORT_OPTIONS

CELERY_BROKER_TRANSPORT_OPTIONS |= {"health_check_interval": 2, "socket_timeout": 2}
