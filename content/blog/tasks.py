"""Kinds of jobs about posts."""

from queues.kinds import job


@job(queue="default", name="blog.forget_records")
def forget_records(job):
    from content.blog import services

    return {"forgotten": services.forget_old_records()}
