"""The queues as they are before staff change them live in the admin, and the jobs that recur."""

from django.core.exceptions import ImproperlyConfigured

from config import environment as env

# Where the queue is kept. file: in the data folder, or where DATABASE_URL and REDIS_URL say. redis: with the Redis of
# REDIS_URL. supabase: in the database of a Supabase project, which is PostgreSQL.
JOB_QUEUE_TYPE = env.choice("JOB_QUEUE_TYPE", "file", ("file", "redis", "supabase"))


def _supabase_database() -> str:
    """The address of the project's database; empty unless JOB_QUEUE_TYPE is supabase."""
    address = env.url("SUPABASE_DB_URL", "", ("postgres", "postgresql"))
    unhelpful = [name for name in ("SUPABASE_URL", "SUPABASE_ANON_KEY") if env.text(name)]
    if JOB_QUEUE_TYPE != "supabase":
        if address:
            raise ImproperlyConfigured(f"SUPABASE_DB_URL is set but JOB_QUEUE_TYPE is {JOB_QUEUE_TYPE}: say supabase.")
        return ""
    if not address:
        known = f" {' and '.join(unhelpful)} cannot do: they open Supabase's HTTP API only." if unhelpful else ""
        raise ImproperlyConfigured(
            f"JOB_QUEUE_TYPE=supabase needs SUPABASE_DB_URL, the connection string of the project's database "
            f"(postgresql://..., under Connect in the project's dashboard).{known}"
        )
    if (other := env.text("DATABASE_URL")) and other != address:
        raise ImproperlyConfigured("SUPABASE_DB_URL and DATABASE_URL name two databases: unset DATABASE_URL.")
    return address


def check_redis(is_given: bool) -> None:
    """Raises ImproperlyConfigured if JOB_QUEUE_TYPE wants a Redis and nobody says where."""
    if JOB_QUEUE_TYPE == "redis" and not is_given:
        raise ImproperlyConfigured("JOB_QUEUE_TYPE=redis needs REDIS_URL, such as redis://localhost:6379.")


SUPABASE_DATABASE = _supabase_database()

# rate: (starts, seconds), global and exact. backoff: seconds before attempt 2, 3, ...
# keep_completed, keep_failed: hours; the newest job of each subject and kind stays longer. keep_*_count: the newest
# so many, and no others. None: no such limit (queues/prune.py).
# lease: seconds without a heartbeat after which a job is taken for lost. timeout: longest run of one attempt.
# ageing: seconds of waiting after which a job's priority improves by one, so that nothing starves; 0 = never.
_story_base = env.integer("WORKER_BACKOFF_DELAY", 2000, minimum=1) / 1000
QUEUES = {
    "article-generation": {"concurrency": 4, "backoff": [2, 4]},
    "backlink-integration": {"concurrency": 4, "backoff": [2, 4]},
    "backlink-revision": {"concurrency": 4, "backoff": [2, 4]},
    "commentary": {"rate": (10, 60), "backoff": [5, 10, 20]},
    "stories": {
        "concurrency": env.integer("WORKER_CONCURRENCY", 5, minimum=1),
        "max_attempts": env.integer("WORKER_MAX_ATTEMPTS", 3, minimum=1),
        "backoff": [_story_base, _story_base * 2, _story_base * 4],
        "keep_completed": None,
        "keep_completed_count": 100,
        "keep_failed": None,
        "keep_failed_count": 50,
    },
    "blog": {
        "concurrency": 2,
        "rate": (10, 60),
        "backoff": [2, 4],
        "keep_completed": None,
        "keep_completed_count": 100,
        "keep_failed": None,
    },
    "recommendations": {"concurrency": 3, "backoff": [2, 4]},
    "mail": {"max_attempts": 6, "backoff": [10, 30, 60, 300, 900]},
    "refunds": {"concurrency": 4, "max_attempts": 8, "backoff": [10, 60, 300, 900, 3600, 10800, 21600]},
    # As Standard Webhooks suggests: at once, after 5 s, 5 min, 30 min ... 24 h, three days in all.
    "webhooks": {
        "concurrency": 10,
        "max_attempts": 10,
        "backoff": [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400],
    },
    "payments": {"concurrency": 4, "backoff": [5, 30]},
    "checks": {"max_attempts": 1, "timeout": 20},  # of AI keys: somebody looks at the page and waits
    "default": {},
}
DEFAULTS = {
    "concurrency": None,
    "rate": None,
    "max_attempts": 3,
    "ageing": 0,
    "backoff": [2, 4, 8],
    "lease": 20,
    "timeout": 900,
    "keep_completed": 24,
    "keep_completed_count": None,
    "keep_failed": 168,
    "keep_failed_count": None,
}
# name: kind, args, priority, and either "every" (seconds, from 60; slots are multiples of it) or "crontab" (UTC).
RECURRING_JOBS = {
    "orders.expire_unpaid": {"kind": "orders.expire_unpaid", "every": 900},
    "orders.attend_silence": {"kind": "orders.attend_silence", "every": 900},
    "orders.forget": {"kind": "orders.forget", "crontab": "41 2 * * *"},
    "orders.sweep": {"kind": "orders.sweep", "every": 300},
    "orders.publish_due": {"kind": "orders.publish_due", "every": 60},
    "orders.reconcile": {"kind": "orders.reconcile", "every": 300},
    "queues.prune": {"kind": "queues.prune", "crontab": "6 * * * *"},  # when the hour before can be counted
    "recommendations.delete_expired": {"kind": "recommendations.delete_expired", "every": 900},
    "config.forget_answers": {"kind": "config.forget_answers", "crontab": "26 * * * *"},
    "config.refresh_ai_models": {"kind": "config.refresh_ai_models", "crontab": "17 3 * * *"},
    "blog.forget_records": {"kind": "blog.forget_records", "crontab": "41 3 * * *"},
}
