"""The Celery app of the bare side."""

import os
from functools import cache

from celery import Celery, signals

app = Celery("bare", broker=os.environ["REDIS_URL"], set_as_current=False)
app.conf.update(
    broker_transport_options={"global_keyprefix": "bare:", "visibility_timeout": 3600},
    task_default_queue="bare",
    task_acks_late=False,  # with late acknowledgement the threads pool of Celery 5.6 stalls for half a second at a time
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
)


@cache
def pool():
    from psycopg_pool import ConnectionPool

    return ConnectionPool(os.environ["DATABASE_URL"], min_size=1, max_size=10, kwargs={"autocommit": True})


@cache
def openai():
    from openai import OpenAI

    return OpenAI(max_retries=0)


@signals.worker_ready.connect
def prepare(**_: object) -> None:
    pool(), openai().chat.completions  # noqa: B018 - the import takes half a second


@app.task(name="bare.write")
def write(*, draft_id: int) -> None:
    with pool().connection() as database:
        _, brief = database.execute("SELECT id, brief FROM bench_draft WHERE id = %s", [draft_id]).fetchone()
    answer = openai().chat.completions.create(
        model="gpt-4o-mini",
        messages=[
            {"role": "system", "content": "You write short, exact articles."},
            {"role": "user", "content": brief},
        ],
        max_completion_tokens=2048,
    )
    text = answer.choices[0].message.content
    with pool().connection() as database:
        database.execute(
            "UPDATE bench_draft SET text = %s, finished_at = clock_timestamp() WHERE id = %s", [text, draft_id]
        )
