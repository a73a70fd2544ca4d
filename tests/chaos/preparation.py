"""Makes the tables (the tests' own have no migrations), the owners and the limits: `python -m`, before `up`."""

import django
from django.core.management import call_command

from tests.chaos.wishes import NARROW, OWNERS, RATE


def main() -> None:
    django.setup()
    from django.contrib.auth import get_user_model

    from queues.models import Queue

    call_command("migrate", run_syncdb=True, verbosity=0)
    users = get_user_model()
    users.objects.bulk_create(users(username=f"owner{number}") for number in range(OWNERS))
    Queue.objects.filter(name="commentary").update(rate_max=RATE[0], rate_window=RATE[1])
    Queue.objects.filter(name="stories").update(concurrency=NARROW)


if __name__ == "__main__":
    main()
