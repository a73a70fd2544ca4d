"""`manage.py up`: one command starts everything, restarts what dies, and leaves nothing behind."""

import base64
import os
import re
import signal
import subprocess

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from config import ports
from tests.processes import alive, wait_until
from tests.systems import REPOSITORY, Up, ask, command, environment, words_of


@pytest.fixture(scope="module")
def up(tmp_path_factory):
    running = Up(tmp_path_factory.mktemp("up") / "data", "--no-llm").wait_until_up()
    yield running
    pids = running.pids()
    assert running.stop() == 0
    wait_until(lambda: not [pid for pid in pids if alive(pid)])


def test_it_says_where_everything_is(up):
    assert up.is_ready()
    assert up.shown("Order form") == f"{up.site}/order/"
    assert up.shown("API docs") == f"{up.site}/api/docs"
    assert up.shown("Admin").startswith(f"{up.site}/admin/   login: admin / ")
    assert ask(up.shown("Order form"))[0] == 200


def test_without_a_model_it_says_so_in_one_line(up):
    lines = [line for line in up.output().splitlines() if "extract writer" in line]
    assert lines == ["up     | no language model (--no-llm was given): the extract writer takes over, labelled as such"]


def test_flower_asks_for_a_login_and_then_only_shows(up):
    address, _, login = up.shown("Flower").partition("   login: ")
    wait_until(lambda: ask(address)[0])
    assert {path: ask(address + path)[0] for path in ("", "tasks", "broker", "api/workers")} == {
        "": 401,
        "tasks": 401,
        "broker": 401,
        "api/workers": 401,
    }
    basic = "Basic " + base64.b64encode(login.replace(" / ", ":").encode()).decode()
    assert ask(address, Authorization=basic)[0] == 200
    assert ask(f"{address}api/worker/shutdown/any", method="POST", Authorization=basic)[0] == 403


def test_no_password_stands_in_a_command_line(up):
    secrets = [up.shown("Flower").split(" / ")[-1], up.shown("Admin").split(" / ")[-1].split()[0]]
    everything = " ".join(words_of(pid) for pid in up.pids())
    assert [secret for secret in secrets if secret in everything] == []
    assert "requirepass" not in everything


def test_all_state_lies_in_the_data_folder(up):
    for pattern in ("celerybeat*", "beat-schedule*", "flower*", "*.rdb", "appendonlydir"):
        assert list(REPOSITORY.glob(pattern)) == []
    assert {"db.sqlite3", "redis", "up.lock"} <= set(os.listdir(up.shown("Data")))


@pytest.mark.parametrize("words", ["config.wsgi", "config.asgi", " worker ", " beat ", "valkey-server"], ids=str.strip)
def test_what_is_killed_comes_back(up, words):
    before = up.pid_of(words)
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: up.pid_of(words) not in (None, before), 30)
    wait_until(up.is_ready, 60)


def test_a_taken_port_is_named_without_a_traceback(up, tmp_path):
    second = subprocess.run(
        command("up", "--port", str(up.port), "--data", str(tmp_path / "data")),
        env=environment(),
        capture_output=True,
        text=True,
    )
    assert second.returncode == 1
    assert second.stderr == f"CommandError: Port {up.port} on 127.0.0.1 is taken; choose another with --port.\n"


@pytest.mark.parametrize("port", ["0", "65536", "web", "-1"])
def test_what_is_no_port_is_refused(port):
    with pytest.raises(CommandError, match="is not a port; ports are 1 to 65535"):
        call_command("up", f"--port={port}")


def test_a_database_that_is_away_is_named_without_a_traceback(tmp_path):
    nowhere = f"sqlite:///{tmp_path}/missing/db.sqlite3"
    alone = subprocess.run(
        command("up", "--port", str(ports.free_port()), "--no-llm", "--data", str(tmp_path / "data")),
        env=environment(DATABASE_URL=nowhere),
        capture_output=True,
        text=True,
    )
    assert alone.returncode == 1
    assert alone.stderr == "CommandError: The database cannot be used: unable to open database file\n"


def test_a_data_folder_has_one_owner(up):
    second = subprocess.run(
        command("up", "--port", str(ports.free_port()), "--data", up.shown("Data")),
        env=environment(),
        capture_output=True,
        text=True,
    )
    assert second.returncode == 1
    assert second.stderr.startswith("CommandError: Another `up` runs on the data folder")


@pytest.fixture(scope="module")
def again(tmp_path_factory):
    """One beside `up`, stopped and started again; and what its first start said."""
    data = tmp_path_factory.mktemp("again") / "data"
    first = Up(data, "--no-llm").wait_until_up()
    assert first.stop(signal.SIGINT) == 0
    said = first.output()
    first.log.unlink()
    second = Up(data, "--no-llm").wait_until_up()
    yield second, said
    if second.process.poll() is None:
        second.stop()


def test_started_again_it_knows_its_data_and_shows_no_old_password(again):
    second, first_said = again
    password = re.search(r"login: admin / (\S+)", first_said)[1]
    assert second.shown("Admin").endswith("login: as shown at the first start")
    assert password not in second.output()


def test_a_second_up_elsewhere_disturbs_nobody_and_kill_9_leaves_nothing_of_it(up, again):
    second, _ = again
    pids = second.pids()
    assert len(pids) >= 8
    assert second.is_ready()
    assert up.is_ready()
    second.stop(signal.SIGKILL)
    wait_until(lambda: not [pid for pid in pids if alive(pid)])
    assert up.is_ready()
