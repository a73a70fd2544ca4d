"""A real Chromium for the pages. Without one these tests are skipped loudly; with CI set that is an error."""

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = "no Chromium found; apt-get install -y --no-install-recommends chromium, or set CHROMIUM=/its/path"
AXE = Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js"
skipped = pytest.StashKey[list[str]]()


def pytest_configure(config) -> None:
    config.stash[skipped] = []


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items) -> None:
    concerned = [item for item in items if "browser" in item.keywords]
    if CHROMIUM or not concerned:
        return
    if os.environ.get("CI"):
        raise pytest.UsageError(f"{len(concerned)} browser tests cannot run: {MISSING}")
    for item in concerned:
        config.stash[skipped].append(item.nodeid)
        item.add_marker(pytest.mark.skip(reason=MISSING))


def pytest_terminal_summary(terminalreporter, config) -> None:
    if missed := config.stash[skipped]:
        terminalreporter.section("BROWSER TESTS DID NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.line(f"{len(missed)} tests skipped: {MISSING}")
