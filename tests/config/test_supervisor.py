"""The supervisor: restarts, pauses, an orderly stop, nothing left behind. Children are real processes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.child import Lines, Pauses, Program
from config.console import Console
from config.supervisor import StopRequested, Supervisor
from tests.processes import alive, wait_until

QUICK = Pauses(first=0.05, longest=0.2, settled=60)
SLEEPER = "import time; print('ready', flush=True); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"
# A parent that dies and leaves its child (same process group) behind; prints the child's pid.
FAMILY = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("child", child.pid, flush=True)
time.sleep(600)
"""
REPOSITORY = Path(__file__).parents[2]
OWNER = """
import sys
from config.child import Program
from config.console import Console
from config.supervisor import Supervisor
supervisor = Supervisor(Console())
supervisor.start(Program("family", (sys.executable, "-c", sys.argv[1])))
supervisor.run_until(lambda: False)
"""


def python(code: str, name: str = "one", **options) -> Program:
    return Program(name, (sys.executable, "-c", code), **options)


@pytest.fixture
def output(tmp_path: Path):
    with (tmp_path / "log").open("w+") as stream:
        yield stream


@pytest.fixture
def supervisor(output):
    supervisor = Supervisor(Console(output), QUICK)
    yield supervisor
    supervisor.close()


def lines(output) -> list[str]:
    return Path(output.name).read_text().splitlines()


def test_output_is_prefixed_with_the_program_and_has_no_colour_off_a_terminal(supervisor, output):
    supervisor.start(python("print('a'); print('\\x1b[31mb', flush=True); import time; time.sleep(600)"))
    assert supervisor.run_until(lambda: len(lines(output)) >= 2, 10)
    assert lines(output) == ["one    | a", "one    | [31mb"]


def test_a_killed_program_is_started_again(supervisor, output):
    supervisor.start(python(SLEEPER))
    assert supervisor.run_until(lambda: "one    | ready" in lines(output), 10)
    first = supervisor.pid("one")
    os.kill(first, signal.SIGKILL)
    assert supervisor.run_until(lambda: supervisor.pid("one") != first and supervisor.alive("one"), 10)
    assert "one    | ended (killed by SIGKILL); starting it again in 0 s" in lines(output)


def test_what_a_killed_program_leaves_behind_is_ended_before_it_starts_again(supervisor, output):
    supervisor.start(python(FAMILY))
    assert supervisor.run_until(lambda: any("child" in line for line in lines(output)), 10)
    grandchild = int(lines(output)[0].split()[-1])
    os.kill(supervisor.pid("one"), signal.SIGKILL)
    assert supervisor.run_until(lambda: not alive(grandchild), 10)


def test_the_pause_grows_while_a_program_keeps_dying(supervisor, output):
    supervisor.start(python("raise SystemExit(3)"))
    child = supervisor._children["one"]
    assert supervisor.run_until(lambda: child.failures >= 4, 20)
    assert [child.pauses.after(n) for n in (1, 2, 3, 4)] == [0.05, 0.1, 0.2, 0.2]
    assert "one    | ended (exit code 3); starting it again in 0 s" in lines(output)


def test_pauses_are_1_2_4_up_to_30_seconds():
    assert [Pauses().after(n) for n in range(1, 8)] == [1, 2, 4, 8, 16, 30, 30]


def test_a_program_that_ran_long_starts_over_with_the_first_pause(output):
    supervisor = Supervisor(Console(output), Pauses(first=0.05, longest=9, settled=0))
    supervisor.start(python("raise SystemExit(3)"))
    child = supervisor._children["one"]
    starts = set()
    assert supervisor.run_until(lambda: starts.add(child.process.pid) or len(starts) >= 3, 20)
    assert child.failures <= 1
    supervisor.close()


def test_stop_ends_every_process_even_a_stubborn_one(output, monkeypatch):
    monkeypatch.setattr("config.supervisor.STOP_APPS", 0.5)
    supervisor = Supervisor(Console(output), QUICK)
    supervisor.start(python(STUBBORN))
    supervisor.start(python(FAMILY, "two", serves_others=True))
    assert supervisor.run_until(lambda: len(lines(output)) >= 2, 30)
    grandchild = int(next(line for line in lines(output) if "child" in line).split()[-1])
    pids = [supervisor.pid("one"), supervisor.pid("two"), grandchild, supervisor._guard.pid]
    supervisor.close()
    wait_until(lambda: not [pid for pid in pids if alive(pid)])


def test_what_serves_others_is_stopped_last(output):
    last_words = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(print('bye'))); "
    supervisor = Supervisor(Console(output), QUICK)
    supervisor.start(python(last_words + SLEEPER, "server", serves_others=True))
    supervisor.start(python(last_words + SLEEPER, "app"))
    assert supervisor.run_until(lambda: len(lines(output)) == 2, 10)
    supervisor.close()
    assert lines(output)[2:] == ["app    | bye", "server | bye"]


def test_a_killed_guard_is_replaced(supervisor, output):
    supervisor.start(python(SLEEPER))
    first = supervisor._guard.pid
    os.kill(first, signal.SIGKILL)
    assert supervisor.run_until(lambda: supervisor._guard.pid != first, 10)


def test_a_signal_asks_for_a_stop(supervisor):
    with supervisor.signals():
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(StopRequested):
            supervisor.turn()


def test_kill_9_of_the_supervisor_leaves_nothing_behind():
    owner = subprocess.Popen([sys.executable, "-c", OWNER, FAMILY], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    grandchild = int(owner.stdout.readline().split()[-1])
    child = int(Path(f"/proc/{grandchild}/stat").read_text().split()[3])
    owner.kill()
    owner.communicate()
    wait_until(lambda: not alive(child) and not alive(grandchild))


def test_a_line_without_end_is_cut_and_the_rest_is_kept(tmp_path):
    reader, writer = os.pipe()
    os.write(writer, b"x" * 20_000 + b"tail\nlast")
    os.close(writer)
    found, source = [], Lines("one", reader)
    while (part := source.read()) is not None:
        found += part
    os.close(reader)
    assert "".join(found) == "x" * 20_000 + "taillast"
    assert found[-1] == "last"
