"""`manage.py demo`: ends with an article and a line of JSON that says so, or fails loudly; leaves nothing behind."""

import json
import subprocess
from pathlib import Path

from tests.fakeprovider import FakeProvider
from tests.processes import alive, wait_until
from tests.systems import command, environment, tree


def demo(tmp_path: Path, **env: str) -> tuple[subprocess.CompletedProcess, list[int]]:
    """The finished command and every process that was seen to belong to it. Its data are below tmp_path / "tmp"."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    with (tmp_path / "out").open("w+") as out, (tmp_path / "err").open("w+") as err:
        process = subprocess.Popen(command("demo"), env=environment(TMPDIR=str(folder), **env), stdout=out, stderr=err)
        seen: set[int] = set()
        wait_until(lambda: seen.update(tree(process.pid)) or process.poll() is not None, 240)
    finished = subprocess.CompletedProcess(
        process.args, process.returncode, (tmp_path / "out").read_text(), (tmp_path / "err").read_text()
    )
    return finished, sorted(seen)


def test_it_ends_with_an_article_and_leaves_nothing_behind(tmp_path):
    finished, pids = demo(tmp_path)
    assert finished.returncode == 0, finished.stderr
    result = json.loads(finished.stdout.splitlines()[-1])
    print(result)
    assert result["orderStatus"] == "QUALITY_CHECK"
    assert result["words"] > 100
    assert result["title"]
    assert result["model"] in ("copydesk-local", "extract/1")
    assert result["seconds"] >= result["articleSeconds"]
    assert "order  | step 2 of 5: Writing your article, part " in finished.stderr
    assert list((tmp_path / "tmp").glob("copydesk-demo-*")) == []
    assert len(pids) >= 8
    wait_until(lambda: not [pid for pid in pids if alive(pid)])


def test_without_an_article_it_fails_and_prints_no_result(tmp_path):
    with FakeProvider() as provider:
        finished, pids = demo(
            tmp_path, AI_MODEL="openai/status-401", OPENAI_API_KEY="sk-wrong", OPENAI_BASE_URL=provider.url
        )
    assert finished.returncode == 1
    assert finished.stdout == ""
    assert "CommandError: The demo did not end with an article: The order ended as FAILED" in finished.stderr
    assert "Traceback" not in finished.stderr.partition("CommandError")[2]
    assert list((tmp_path / "tmp").glob("copydesk-demo-*")) == []
    assert [pid for pid in pids if alive(pid)] == []
