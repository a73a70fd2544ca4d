from django.apps import AppConfig
from django.db.models.signals import post_migrate


def create_queue_rows(sender, using, **kwargs) -> None:
    """One row per queue of settings.QUEUES, so that staff find them in the admin."""
    from django.conf import settings

    from queues.models import Queue

    Queue.objects.using(using).bulk_create([Queue(name=name) for name in settings.QUEUES], ignore_conflicts=True)


class QueuesConfig(AppConfig):
    name = "queues"
    verbose_name = "Jobs and queues"

    def ready(self) -> None:
        from queues import checks, worker  # noqa: F401  connects to Celery's worker signals

        post_migrate.connect(create_queue_rows, sender=self)
