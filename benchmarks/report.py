"""The table, the JSON file and the last line."""

import dataclasses
import json
import os
import platform
import time
from importlib.metadata import version
from pathlib import Path

from benchmarks.figures import Findings

RESULTS = Path(__file__).resolve().parent / "results"
PACKAGES = ("django", "celery", "kombu", "redis", "psycopg", "openai", "granian", "djangorestframework")


def show(line: str, findings: Findings) -> None:
    """Print one line's figures (min - median - max of the rounds) and its promises."""
    for side, figure, spread in findings.rows:
        print(f"{line}  {side:<9} {figure:<44} {spread}")
    for promise in findings.promises:
        print(promise, flush=True)


def write(found: dict[str, Findings], *, quick: bool) -> Path:
    """Store everything with the machine and the versions it was measured on."""
    content = {
        "quick": quick,
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "machine": {"system": platform.platform(), "cores": os.cpu_count(), "processor": _processor()},
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "lines": {
            line: {
                "figures": [[side, figure, spread.values] for side, figure, spread in findings.rows],
                "promises": [dataclasses.asdict(p) | {"reached": p.reached} for p in findings.promises],
            }
            for line, findings in found.items()
        },
    }
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{content['at'].replace(':', '')}.json"
    file.write_text(json.dumps(content, indent=1))
    print(f"Written: {file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file}")
    return file


def verdict(found: dict[str, Findings], *, lines: list[str]) -> int:
    """Say in one line which promises are not kept; 0 only if there is none."""
    missed = [f"{p.line} ({p.what})" for findings in found.values() for p in findings.promises if not p.reached]
    missed += [f"{line} (not measured)" for line in lines if line not in found]
    print(f"Not reached: {'; '.join(missed)}" if missed else "Every line is reached.")
    return 1 if missed else 0


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
