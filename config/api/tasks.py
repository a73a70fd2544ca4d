"""Kinds of jobs about the API; config/tasks.py leads Celery here."""

from queues.kinds import job


@job(queue="default", name="config.forget_answers")
def forget_answers(job) -> dict:
    """Delete the answers of idempotency keys whose 24 hours are over."""
    from config.api import claims

    return {"answers": claims.forget()}
