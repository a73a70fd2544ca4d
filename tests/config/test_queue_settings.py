"""JOB_QUEUE_TYPE: where the queue is kept, and what is said at the start when that cannot be."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("JOB_QUEUE_TYPE", "DATABASE_URL", "REDIS_URL", "REDIS_HOST", "SUPABASE_DB_URL", "SUPABASE_URL")
SUPABASE = "postgresql://postgres:s3cret@db.example.supabase.co:5432/postgres"
SHOWN = (
    "from django.conf import settings; found = settings.DATABASES['default']; "
    "print(found['ENGINE'].rpartition('.')[2], found['HOST'], settings.REDIS_URL)"
)


def start(tmp_path, **env: str) -> subprocess.CompletedProcess:
    """What a process with these settings prints: database, its host, and Redis."""
    clean = {name: value for name, value in os.environ.items() if name not in NAMES}
    clean |= {"COPYDESK_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.run([sys.executable, "-c", SHOWN], cwd=ROOT, env=clean | env, capture_output=True, text=True)


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
    assert start(tmp_path, **env).stdout.strip() == said


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
    started = start(tmp_path, **env)
    said = started.stderr.splitlines()[-1]
    assert started.returncode != 0
    assert all(word in said for word in named)
    assert "s3cret" not in started.stderr and "eyJsecret" not in started.stderr
