"""Kinds of jobs about keys and models; config/tasks.py leads Celery here."""

from queues.kinds import job
from queues.models import Job

CHECK = "config.check_ai_key"


def _check_lost(failed: Job) -> None:
    from config.ai_settings import checking

    checking.lost(**failed.args)


@job(queue="checks", name=CHECK, on_exhausted=_check_lost)
def check_ai_key(job, *, provider, user_id):
    from config.ai_settings import checking

    return checking.check(provider=provider, user_id=user_id)


@job(queue="default", name="config.refresh_ai_models")
def refresh_ai_models(job):
    from aiproviders import checks

    return checks.refresh_catalogue()
