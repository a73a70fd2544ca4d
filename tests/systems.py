"""Runs the product's own commands as a person would, and looks at the processes they make."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from config import ports
from tests import services
from tests.processes import alive, wait_until

REPOSITORY = Path(__file__).parents[1]
TESTS_OWN = ("DATABASE_URL", "REDIS_URL", "COPYDESK_DATA", "DJANGO_SETTINGS_MODULE")


def command(*words: str) -> list[str]:
    """`manage.py` with these words."""
    return [sys.executable, str(REPOSITORY / "manage.py"), *words]


def environment(**extra: str) -> dict[str, str]:
    """A person's environment: without what the tests set for themselves."""
    return {name: value for name, value in os.environ.items() if name not in TESTS_OWN} | extra


def tree(root: int) -> list[int]:
    """`root` and all processes that came from it, by pid; zombies left out."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return [pid for pid in found if alive(pid)]


def words_of(pid: int) -> str:
    """The command line of a process, as everybody on the machine can read it; "" when it has just ended."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return ""


def ask(url: str, *, method: str = "GET", **headers: str) -> tuple[int, str]:
    """Status and body of the answer; status 0 when nothing answers."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method, headers=headers), timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError:
        return 0, ""


class Up:
    """A running `manage.py up` with its state in `data` and its output in `data`.log."""

    def __init__(self, data: Path, *options: str, port: int | None = None, **env: str) -> None:
        self.port = port or ports.free_port()
        self.log = data.with_suffix(".log")
        self.site = f"http://127.0.0.1:{self.port}"
        words = command("up", "--port", str(self.port), "--data", str(data), *options)
        with self.log.open("a") as output:
            self.process = subprocess.Popen(
                words, env=environment(**env), stdout=output, stderr=output, start_new_session=True
            )
        services.guard.watch(self.process.pid)

    def output(self) -> str:
        return self.log.read_text()

    def is_ready(self) -> bool:
        return ask(f"{self.site}/readyz")[0] == 200

    def wait_until_up(self) -> "Up":
        """Returns when the addresses are printed."""
        wait_until(lambda: "Copydesk is up" in self.output() or self.process.poll() is not None, 60)
        assert self.process.poll() is None, self.output()
        return self

    def shown(self, name: str) -> str:
        """What the block of addresses says behind `name`."""
        return re.search(rf"^  {name} +(.+)$", self.output(), re.MULTILINE)[1]

    def pids(self) -> list[int]:
        return tree(self.process.pid)

    def pid_of(self, words: str) -> int | None:
        """The first process whose command line has `words` in it."""
        return next((pid for pid in self.pids() if words in words_of(pid)), None)

    def stop(self, signum: int = signal.SIGTERM) -> int:
        """End it; returns the exit code."""
        self.process.send_signal(signum)
        code = self.process.wait(30)
        services.guard.forget(self.process.pid)
        return code
