"""`manage.py demo`: ends with an article and a line of JSON that says so, or fails loudly; leaves nothing behind.

Everything together, model included, fits into a small machine meanwhile.
"""

import json
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from aiproviders import local_model
from tests.fakeprovider import FakeProvider
from tests.processes import alive, wait_until
from tests.systems import command, environment, tree, words_of

LIMIT_MB = 1100
LOOK_SECONDS = 0.2


@dataclass
class Demo:
    """One that has ended. Its data were below `folder`; `seen` are its processes, `largest` what they held at most."""

    folder: Path
    status: int | None = None
    said: str = ""
    told: str = ""
    seen: set[int] = field(default_factory=set)
    largest: dict[str, float] = field(default_factory=dict)

    def look(self, pid: int) -> None:
        """Note who is there, and what those that it has started hold now."""
        there = tree(pid)
        self.seen.update(there)
        sizes = dict(resident_mb(there[1:]))
        if sum(sizes.values()) > sum(self.largest.values()):
            self.largest = sizes


def resident_mb(pids: Iterable[int]) -> Iterable[tuple[str, float]]:
    for pid in pids:
        with suppress(FileNotFoundError, ProcessLookupError, StopIteration):  # it has just ended
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
            held = next(line for line in lines if line.startswith("VmRSS"))
            yield f"{pid} {words_of(pid)[:100]}", int(held.split()[1]) / 1024


def run(folder: Path, **env: str) -> Demo:
    demo = Demo(folder / "tmp")
    demo.folder.mkdir()
    env = environment(TMPDIR=str(demo.folder), **env)
    with (folder / "out").open("w+") as out, (folder / "err").open("w+") as err:
        process = subprocess.Popen(command("demo"), env=env, stdout=out, stderr=err)
        for _ in range(int(240 / LOOK_SECONDS)):
            demo.look(process.pid)
            with suppress(subprocess.TimeoutExpired):
                demo.status = process.wait(LOOK_SECONDS)
                break
    demo.said, demo.told = (folder / "out").read_text(), (folder / "err").read_text()
    return demo


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Demo:
    """One as people have it."""
    return run(tmp_path_factory.mktemp("demo"))


def test_it_ends_with_an_article_and_leaves_nothing_behind(demo):
    assert demo.status == 0, demo.told
    result = json.loads(demo.said.splitlines()[-1])
    print(result)
    assert result["orderStatus"] == "QUALITY_CHECK"
    assert result["words"] > 100
    assert result["title"]
    assert result["model"] in ("copydesk-local", "extract/1")
    assert result["seconds"] >= result["articleSeconds"]
    assert "order  | step 2 of 5: Writing your article, part " in demo.told
    assert list(demo.folder.glob("copydesk-demo-*")) == []
    assert len(demo.seen) >= 8
    wait_until(lambda: not [pid for pid in demo.seen if alive(pid)])


@pytest.mark.skipif(local_model.unavailable_reason() is not None, reason="the built-in model does not run here")
def test_all_processes_stay_under_1_1_gb_with_the_model_loaded(demo):
    for name, size in demo.largest.items():
        print(f"{size:7.0f} MB  {name}")
    print(f"{sum(demo.largest.values()):7.0f} MB  together")
    assert json.loads(demo.said.splitlines()[-1])["model"] == "copydesk-local"
    assert len(demo.largest) >= 8
    assert sum(demo.largest.values()) < LIMIT_MB


def test_without_an_article_it_fails_and_prints_no_result(tmp_path):
    with FakeProvider() as provider:
        demo = run(tmp_path, AI_MODEL="openai/status-401", OPENAI_API_KEY="sk-wrong", OPENAI_BASE_URL=provider.url)
    assert demo.status == 1
    assert demo.said == ""
    assert "CommandError: The demo did not end with an article: The order ended as FAILED" in demo.told
    assert "Traceback" not in demo.told.partition("CommandError")[2]
    assert list(demo.folder.glob("copydesk-demo-*")) == []
    assert [pid for pid in demo.seen if alive(pid)] == []
