"""Everything together, model included, fits into a small machine."""

from pathlib import Path

import pytest

from aiproviders import local_model
from config.first_order import walk
from tests.systems import Up, words_of

LIMIT_MB = 1100


def resident_mb(pid: int) -> float:
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


@pytest.mark.skipif(local_model.unavailable_reason() is not None, reason="the built-in model does not run here")
def test_all_processes_stay_under_1_1_gb_with_the_model_loaded(tmp_path):
    up = Up(tmp_path / "data").wait_until_up()
    walk(up.site, lambda line: None, 240)
    sizes = {pid: resident_mb(pid) for pid in up.pids()}
    for pid, size in sizes.items():
        print(f"{size:7.0f} MB  {words_of(pid)[:100]}")
    print(f"{sum(sizes.values()):7.0f} MB  together")
    assert up.stop() == 0
    assert sum(sizes.values()) < LIMIT_MB
