"""JOB_QUEUE_TYPE: where the queue is kept, and what is said at the start when that cannot be."""

import os

import pytest

from tests.forks import Forked

NAMES = ("JOB_QUEUE_TYPE", "DATABASE_URL", "REDIS_URL", "REDIS_HOST", "SUPABASE_DB_URL", "SUPABASE_URL")
SUPABASE = "postgresql://postgres:s3cret@db.example.supabase.co:5432/postgres"
SHOWN = (
    "from django.conf import settings; found = settings.DATABASES['default']; "
    "print(found['ENGINE'].rpartition('.')[2], found['HOST'], settings.REDIS_URL)"
)


def start(tmp_path, **env: str) -> tuple[int, str]:
    """How a process with these settings ends, and what it says: database, its host, and Redis."""
    clean = {name: value for name, value in os.environ.items() if name not in NAMES}
    clean |= {"COPYDESK_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    program, log = tmp_path / "shows.py", tmp_path / "shows.log"
    program.write_text(SHOWN)
    return Forked((str(program),), clean | env, log).wait(60), log.read_text()


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({}, "sqlite3  redis://localhost:6379/0"),
        ({"JOB_QUEUE_TYPE": "file"}, "sqlite3  redis://localhost:6379/0"),
        ({"JOB_QUEUE_TYPE": "file", "REDIS_URL": "redis://there:1"}, "sqlite3  redis://there:1"),
        ({"JOB_QUEUE_TYPE": "redis", "REDIS_URL": "redis://there:1"}, "sqlite3  redis://there:1"),
        (
            {"JOB_QUEUE_TYPE": "supabase", "SUPABASE_DB_URL": SUPABASE},
            "postgresql db.example.supabase.co redis://localhost:6379/0",
        ),
        (
            {"JOB_QUEUE_TYPE": "supabase", "SUPABASE_DB_URL": SUPABASE, "SUPABASE_URL": "https://example.supabase.co"},
            "postgresql db.example.supabase.co redis://localhost:6379/0",
        ),
        ({"SUPABASE_URL": "https://example.supabase.co"}, "sqlite3  redis://localhost:6379/0"),
    ],
)
def test_the_type_says_where_the_queue_is_kept(tmp_path, env, said):
    assert start(tmp_path, **env) == (0, f"{said}\n")


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({"JOB_QUEUE_TYPE": "disk"}, ["JOB_QUEUE_TYPE", "file, redis, supabase"]),
        ({"JOB_QUEUE_TYPE": "redis"}, ["REDIS_URL"]),
        ({"JOB_QUEUE_TYPE": "supabase"}, ["SUPABASE_DB_URL", "connection string"]),
        (
            {"JOB_QUEUE_TYPE": "supabase", "SUPABASE_URL": "https://x.supabase.co", "SUPABASE_ANON_KEY": "eyJsecret"},
            ["SUPABASE_DB_URL", "SUPABASE_URL and SUPABASE_ANON_KEY cannot do"],
        ),
        ({"JOB_QUEUE_TYPE": "supabase", "SUPABASE_DB_URL": "https://x.supabase.co"}, ["SUPABASE_DB_URL", "postgres"]),
        ({"SUPABASE_DB_URL": SUPABASE}, ["SUPABASE_DB_URL", "JOB_QUEUE_TYPE"]),
        (
            {"JOB_QUEUE_TYPE": "supabase", "SUPABASE_DB_URL": SUPABASE, "DATABASE_URL": "postgres://a:b@c/d"},
            ["SUPABASE_DB_URL", "DATABASE_URL"],
        ),
        ({"RESULTS_TTL": "5"}, ["RESULTS_TTL", "60"]),
    ],
)
def test_a_combination_that_cannot_be_stops_the_start_by_name_and_shows_no_secret(tmp_path, env, named):
    status, said = start(tmp_path, **env)
    assert status != 0
    assert all(word in said.splitlines()[-1] for word in named)
    assert "s3cret" not in said and "eyJsecret" not in said
