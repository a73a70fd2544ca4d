"""pytest plugin: starts the real Redis (and PostgreSQL if asked) that the tests use, and stops them at the end.

pytest-django reads the settings in a very early hook, so everything is in place when this module has been imported
(`-p tests.services` in pyproject.toml). Importing it from somewhere else would start nothing a second time.
"""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

from config import redis_server
from config.process_guard import Guard, signal_group
from tests.postgres import Postgres

DATABASES = ("sqlite", "postgres")
# Whatever the developer's machine says, tests reach no provider, no mail server and no database but their own, and
# compile a module once.
REMOVED = (
    "AI_DAILY_LIMIT AI_DEADLINE_SECONDS AI_FALLBACKS AI_FALLBACK_AFTER_REFUSAL AI_HOUSE_KEYS_FOR "
    "AI_KEY_ENCRYPTION_KEYS AI_MODEL API_LIMITS AI_RATE_LIMITS ALERT_EMAILS ALLOWED_HOSTS ALL_PROXY ANTHROPIC_API_KEY "
    "ANTHROPIC_BASE_URL BEHIND_PROXY DATABASE_URL DEBUG DEBUG_SCORING EMAIL_HOST FLOWER_BASIC_AUTH "
    "FEED_NETWORKS GEMINI_API_KEY "
    "FINNHUB_API_KEY TWELVE_DATA_API_KEY ALPHA_VANTAGE_API_KEY FINNHUB_BASE_URL TWELVE_DATA_BASE_URL "
    "ALPHA_VANTAGE_BASE_URL JOB_QUEUE_TYPE MARKET_LIMITS RESULTS_TTL SUPABASE_ANON_KEY SUPABASE_DB_URL SUPABASE_URL "
    "GEMINI_BASE_URL GOOGLE_API_KEY GROK_API_KEY GROK_BASE_URL GROQ_API_KEY GROQ_BASE_URL HTTPS_PROXY HTTP_PROXY "
    "LIVE_URL LOCAL_LLM_KEY LOCAL_LLM_URL LOCAL_MODEL_PATH LOG_LEVEL METRICS_TOKEN OPENAI_API_KEY OPENAI_BASE_URL "
    "OPENAI_COMPATIBLE PAYMENTS PUBLIC_URL PYTHONDONTWRITEBYTECODE REDIS_HOST REDIS_PASSWORD REDIS_PORT "
    "REDIS_URL REFUND_GRACE REPLY_TO_EMAIL SECRET_KEY "
    "STRIPE_API_BASE STRIPE_SECRET_KEY STRIPE_WEBHOOK_SECRETS WEBHOOK_NETWORKS"
).split()


def pytest_addoption(parser) -> None:
    parser.addoption("--database", choices=DATABASES, default=None, help="default: $TEST_DATABASE, else sqlite")


def pytest_report_header() -> str:
    return f"services: {chosen_database()} and a private Redis"


def pytest_unconfigure() -> None:
    stop()


def chosen_database() -> str:
    """What `--database` or TEST_DATABASE says; the option is read here because its parser runs too late."""
    words = [*sys.argv, *os.environ.get("PYTEST_ADDOPTS", "").split()]
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == "--database":
            return following
        if word.startswith("--database="):
            return word.partition("=")[2]
    return os.environ.get("TEST_DATABASE") or "sqlite"


def prepare_environment(folder: Path) -> None:
    """Point everything that the settings read at `folder`; a developer's .env is not read."""
    for name in REMOVED:
        for spelling in (name, name.lower(), f"{name}_FILE"):
            os.environ.pop(spelling, None)
    os.environ["PYTHON_DOTENV_DISABLED"] = "1"
    os.environ["COPYDESK_DATA"] = str(folder)


def stop() -> None:
    """End the servers and remove their data; doing it twice does nothing."""
    if not folder.exists():
        return
    if postgres:
        postgres.stop()
    signal_group(redis_process.pid, 15)
    redis_process.wait()
    guard.forget(redis_process.pid)
    guard.close()
    shutil.rmtree(folder, ignore_errors=True)


folder = Path(tempfile.mkdtemp(prefix="copydesk-tests-"))
atexit.register(stop)
guard = Guard()
prepare_environment(folder)
redis, redis_process = redis_server.start_process(folder / "redis")
guard.watch(redis_process.pid)
os.environ["REDIS_URL"] = redis.url
os.environ["TEST_DATABASE"] = chosen_database()  # for the processes of pytest-xdist, which see no command line
postgres = Postgres(guard) if chosen_database() == "postgres" else None
os.environ["DATABASE_URL"] = postgres.url if postgres else f"sqlite:///{folder}/db.sqlite3"
