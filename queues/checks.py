"""What is wrong with the queues' settings, said at start-up."""

from django.conf import settings
from django.core.checks import Error, register


@register()
def recurring_jobs(app_configs, **kwargs) -> list[Error]:
    """Every entry of RECURRING_JOBS must be able to become a job."""
    from queues.recurring import problem

    found = {name: problem(name, entry) for name, entry in settings.RECURRING_JOBS.items()}
    return [Error(f"RECURRING_JOBS[{name!r}]: {said}", id="queues.E001") for name, said in found.items() if said]
