"""What is started as a copy is a process like any other."""

import json
import os
import signal

import pytest

from tests.forks import Forked
from tests.processes import alive, wait_until

TELLING = """
import json, os, random, sys
said = {"words": sys.argv, "name": __name__, "environment": dict(os.environ), "session": os.getsid(0)}
said |= {"celery": "celery.apps.worker" in sys.modules, "ours": [n for n in sys.modules if n.startswith("config")]}
print(json.dumps(said | {"random": random.random(), "read": sys.stdin.read(), "open": os.listdir("/proc/self/fd")}))
sys.exit(3)
"""
WAITING = "import signal; print('here', flush=True); signal.pause()"


@pytest.fixture
def fork(tmp_path):
    """A function that runs this code as a program; returns the process and where it writes."""

    def start(code: str, *words: str, **env: str):
        program, log = tmp_path / "program.py", tmp_path / f"{len(list(tmp_path.iterdir()))}.log"
        program.write_text(code)
        process = Forked((str(program), *words), env, log)
        started.append(process)
        return process, log

    started = []
    yield start
    for process in started:
        process.kill()


def test_it_has_its_own_words_environment_session_and_luck(fork):
    copies = [fork(TELLING, "a", "b", LETTER=letter) for letter in "xy"]
    assert [process.wait(30) for process, _ in copies] == [3, 3]
    said = [json.loads(log.read_text()) for _, log in copies]
    assert [(told["words"][1:], told["name"], told["environment"]) for told in said] == [
        (["a", "b"], "__main__", {"LETTER": "x"}),
        (["a", "b"], "__main__", {"LETTER": "y"}),
    ]
    assert [told["session"] for told in said] == [process.pid for process, _ in copies]
    assert {told["celery"] for told in said} == {True}
    assert [told["ours"] + [told["read"]] for told in said] == [[""], [""]]
    assert {len(told["open"]) for told in said} == {4}  # and the folder that is being read
    assert said[0]["random"] != said[1]["random"]


def test_it_is_told_how_one_ended_and_no_other(fork):
    (first, log), (second, _) = fork(WAITING), fork(WAITING)
    wait_until(lambda: log.read_text() == "here\n")
    assert (first.poll(), second.poll()) == (None, None)
    os.kill(first.pid, signal.SIGKILL)
    wait_until(lambda: not alive(first.pid))
    assert (second.poll(), first.poll()) == (None, -9)
    first.kill()  # does nothing to one that has ended
    assert first.returncode == -9
    second.terminate()
    assert second.wait(30) == -15
    assert second.poll() == -15


def test_a_program_that_fails_leaves_its_traceback_in_its_log(fork):
    process, log = fork("def run(): raise OSError('of its own')\nrun()")
    assert process.wait(30) == 1
    assert log.read_text().startswith("Traceback")
    assert log.read_text().endswith("OSError: of its own\n")
    assert os.getpid() != process.pid
