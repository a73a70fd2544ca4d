"""The whole of Copydesk on one machine: what `manage.py up` starts, in which order, and how one sees that it is up."""

import contextlib
import fcntl
import http.client
import os
import secrets
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError

from aiproviders import keys, local_model
from config import ports, preparation, programs, redis_server
from config.console import Console
from config.programs import Addresses, given
from config.supervisor import Supervisor

MODEL_SECONDS = 20.0
REMIND_SECONDS = 30.0
POLL_SECONDS = 0.3


class CannotStart(Exception):
    """Something on this machine is in the way; the message says what and what to do."""


@dataclass
class System:
    """One running Copydesk. `admin_password` is known only when the superuser was made at this start."""

    supervisor: Supervisor
    console: Console
    addresses: Addresses
    with_model: bool
    admin_password: str | None = None
    flower_login: str = ""

    def start(self) -> None:
        """Start everything; returns when GET /readyz answers 200. Raises StopRequested, CannotStart."""
        shared = programs.shared_environment(self.addresses)
        if not given("REDIS_URL", "REDIS_HOST"):
            shared["REDIS_URL"] = self._start_redis()
        own_model = self._choose_model(shared)
        if own_model:
            self.supervisor.start(programs.model(self.addresses, shared))
        self.admin_password = self._prepare()  # while the model is being loaded
        if own_model:
            self._wait_for_model(shared)
        self.flower_login = programs.flower_login()
        for program in (
            programs.web(self.addresses, shared),
            programs.live(self.addresses, shared),
            programs.worker(shared),
            programs.beat(shared),
            programs.flower(self.addresses, shared, self.flower_login),
        ):
            self.supervisor.start(program)
        self._wait_until_ready()

    def _prepare(self) -> str | None:
        try:
            return preparation.prepare()
        except DatabaseError as error:
            raise CannotStart(f"The database cannot be used: {error}") from None

    def _start_redis(self) -> str:
        def run(server: redis_server.RedisServer):
            with contextlib.suppress(KeyError):  # the first try's, whose port somebody took
                self.supervisor.drop("redis")
            self.supervisor.start(programs.redis(server))
            return lambda: self.supervisor.alive("redis")

        try:
            return redis_server.start(settings.DATA_DIR / "redis", run).url
        except redis_server.RedisUnavailable as error:
            raise CannotStart(str(error)) from None

    def _choose_model(self, shared: dict[str, str]) -> bool:
        """Whether the built-in model is to be started; `shared` gets what the other programs must know."""
        by_key = next(filter(keys.is_configured, keys.accounts()), "local")  # before there is a database
        wanted = settings.AI_MODEL.partition("/")[0] or by_key
        if wanted != "local" or settings.LOCAL_LLM_URL:
            return False
        reason = local_model.unavailable_reason() if self.with_model else "--no-llm was given"
        if reason:
            self._fall_back(shared, reason)
            return False
        shared["LOCAL_LLM_URL"] = f"{self.addresses.model_url}/v1"
        shared["LOCAL_LLM_KEY"] = secrets.token_urlsafe(24)
        return True

    def _wait_for_model(self, shared: dict[str, str]) -> None:
        def decided() -> bool:
            return answers(f"{self.addresses.model_url}/health") or not self.supervisor.alive("model")

        in_time = self.supervisor.run_until(decided, MODEL_SECONDS)
        if in_time and self.supervisor.alive("model"):
            return
        self.supervisor.drop("model")
        del shared["LOCAL_LLM_URL"], shared["LOCAL_LLM_KEY"]
        self._fall_back(shared, "its server ended" if in_time else f"no answer from it in {MODEL_SECONDS:.0f} s")

    def _fall_back(self, shared: dict[str, str], reason: str) -> None:
        if settings.AI_MODEL:  # else nobody chose: a key that staff save in the admin must not wait for a restart
            shared["AI_MODEL"] = "extract"
        self.console.line("up", f"no language model ({reason}): the extract writer takes over, labelled as such")

    def _wait_until_ready(self) -> None:
        url = f"{self.addresses.site}/readyz"
        while not self.supervisor.run_until(lambda: answers(url), REMIND_SECONDS, POLL_SECONDS):
            status, text = fetch(url)
            self.console.line("up", f"not ready yet: {url} answers {status or 'nothing'} {text[:300]}")


def fetch(url: str) -> tuple[int, str]:
    """Status and body of GET `url`; status 0 when nothing answers."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as response:
            return response.status, response.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return 0, ""


def answers(url: str) -> bool:
    """Whether GET `url` says 200."""
    return fetch(url)[0] == 200


@contextlib.contextmanager
def data_folder_lock() -> Iterator[None]:
    """This data folder is ours until the process ends, however it ends; raises CannotStart when it is another's."""
    with open(os.open(settings.DATA_DIR / "up.lock", os.O_CREAT | os.O_RDWR, 0o600)) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"Another `up` runs on the data folder {settings.DATA_DIR}; stop it, or choose another with --data."
            ) from None
        yield


def choose_addresses(port: int) -> Addresses:
    """The site's address is the user's choice, the rest is free; raises CannotStart when the site's is taken."""
    try:
        free = ports.is_free(port)
    except PermissionError:
        raise CannotStart(f"Port {port} is not open to this user; choose one above 1023 with --port.") from None
    if not free:
        raise CannotStart(f"Port {port} on 127.0.0.1 is taken; choose another with --port.")
    return Addresses(web=port, flower=ports.free_port(preferred=5555), model=ports.free_port(), live=ports.free_port())
