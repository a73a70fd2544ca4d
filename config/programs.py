"""The programs that `manage.py up` runs: commands and environment of each. Everything listens on loopback only."""

import os
import sys
from dataclasses import dataclass

from django.conf import settings

from config import environment
from config.child import Program
from config.redis_server import RedisServer

MANAGE = str(settings.BASE_DIR / "manage.py")
BACKGROUND = (sys.executable, MANAGE, "background")
CELERY = (sys.executable, "-m", "celery", "--quiet", "--app", "config", "--workdir", str(settings.BASE_DIR))


@dataclass(frozen=True)
class Addresses:
    """Where the parts listen; ports on 127.0.0.1."""

    web: int
    flower: int
    model: int
    live: int

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.web}"

    @property
    def flower_url(self) -> str:
        return f"http://127.0.0.1:{self.flower}"

    @property
    def model_url(self) -> str:
        return f"http://127.0.0.1:{self.model}"

    @property
    def live_url(self) -> str:
        return f"http://127.0.0.1:{self.live}"


def given(*names: str) -> bool:
    """Whether the user set one of these variables (or its `_FILE` twin), in the environment or in .env."""
    return any(os.environ.get(name) or os.environ.get(f"{name}_FILE") for name in names)


def shared_environment(addresses: Addresses) -> dict[str, str]:
    """What every program must see: the same data folder, and the address that links in mails carry."""
    shared = {"PYTHONUNBUFFERED": "1", "COPYDESK_DATA": str(settings.DATA_DIR)}
    if not given("PUBLIC_URL"):
        shared["PUBLIC_URL"] = addresses.site
        if not given("LIVE_URL"):
            shared["LIVE_URL"] = addresses.live_url
    # Our parts talk to each other directly, whatever proxy leads to the world.
    direct = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    shared["no_proxy"] = shared["NO_PROXY"] = ",".join(filter(None, [direct, "127.0.0.1,localhost"]))
    return shared


def redis(server: RedisServer) -> Program:
    return Program("redis", server.command, serves_others=True)


def model(addresses: Addresses, shared: dict[str, str]) -> Program:
    command = (sys.executable, MANAGE, "run_local_llm", "--port", str(addresses.model))
    return Program("model", command, shared, serves_others=True)


def web(addresses: Addresses, shared: dict[str, str]) -> Program:
    """No access log: customers' links carry a token in the query string. Many threads: paying in the sandbox waits
    inside one request for another of the same server."""
    command = (
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(addresses.web)),
        *("--workers", "1", "--blocking-threads", "64", "--no-ws", "--workers-kill-timeout", "4"),
        *("--log-level", "error", "--no-access-log", "--working-dir", str(settings.BASE_DIR)),
        "config.wsgi:application",
    )
    return Program("web", command, shared)


def live(addresses: Addresses, shared: dict[str, str]) -> Program:
    """No access log: the address is the key. An open stream counts as one of the requests in work."""
    command = (
        *(sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(addresses.live)),
        *("--workers", "1", "--backpressure", "10000", "--workers-kill-timeout", "4"),
        *("--log-level", "error", "--no-access-log", "--working-dir", str(settings.BASE_DIR)),
        "config.asgi:application",
    )
    return Program("live", command, shared)


def worker(shared: dict[str, str]) -> Program:
    """Without the second that it would wait for other workers to answer: the ledger knows them."""
    quick = ("--without-mingle", "--without-gossip")
    return Program("worker", (*BACKGROUND, "worker", "--loglevel", settings.LOG_LEVEL, *quick), shared)


def beat(shared: dict[str, str]) -> Program:
    schedule = str(settings.DATA_DIR / "beat-schedule")
    return Program("beat", (*BACKGROUND, "beat", "--loglevel", "WARNING", "--schedule", schedule), shared)


def flower(addresses: Addresses, shared: dict[str, str], login: str) -> Program:
    """`login` is "name:password"; it goes through the environment, a command line can be read by everybody."""
    command = (
        *(*CELERY, "flower", "--address=127.0.0.1", f"--port={addresses.flower}", "--read_only=True"),
        *("--persistent=True", f"--db={settings.DATA_DIR / 'flower'}", "--state_save_interval=10000"),
        "--max_tasks=10000",
    )
    # It asks workers that are still starting and warns about each question.
    return Program("flower", command, {**shared, "FLOWER_BASIC_AUTH": login, "LOG_LEVEL": "ERROR"})


def flower_login() -> str:
    """FLOWER_BASIC_AUTH if set, else a password made once and kept in the data folder."""
    kept = settings.DATA_DIR / "flower_password"
    return os.environ.get("FLOWER_BASIC_AUTH") or f"admin:{environment.generated_secret(kept)}"
