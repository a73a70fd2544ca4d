"""Kinds of jobs: declaring one makes a Celery task, and Celery's task registry is the only registry."""

from collections.abc import Callable

from celery import Task, current_app, shared_task
from django.utils.module_loading import autodiscover_modules

from queues.errors import InvalidJob


def job(
    *, queue: str, name: str, on_exhausted: Callable | None = None, on_children_done: Callable | None = None
) -> Callable:
    """Declare `function(job, **ids)` as a kind of job called `name` that waits in `queue`.

    `on_exhausted(job)` runs in the transaction that marks the job failed: its place for refunds and mails.
    `on_children_done(job)` runs once, in the transaction in which the last child of a handed-over parent ends.
    """

    def declare(function: Callable) -> Task:
        @shared_task(
            name=name,
            bind=True,
            queue=queue,
            ignore_result=True,
            function=staticmethod(function),
            on_exhausted=on_exhausted and staticmethod(on_exhausted),
            on_children_done=on_children_done and staticmethod(on_children_done),
        )
        def task(self, **args):
            from queues.attempts import run_attempt

            return run_attempt(self.function, attempt_id=self.request.id, args=args, worker=self.request.hostname)

        return task

    return declare


def find(name: str) -> Task:
    """The task called `name`; raises InvalidJob when no app declares it with @job."""
    if name not in current_app.tasks:
        autodiscover_modules("tasks")  # a web process has not imported them; Celery's way runs all system checks
    task = current_app.tasks.get(name)
    if task is None or not hasattr(task, "on_exhausted"):
        raise InvalidJob("kind", f"no job is called {name!r}")
    return task


def names() -> list[str]:
    """All kinds that some app declares."""
    autodiscover_modules("tasks")
    return sorted(name for name, task in current_app.tasks.items() if hasattr(task, "on_exhausted"))
