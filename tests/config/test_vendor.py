import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (ROOT / "static" / "vendor", ROOT / "tests" / "vendor")
ROW = re.compile(r"^\| (?P<path>\S+) \| \S+ \| \S+ \| \S+ \| (?P<sha256>[0-9a-f]{64}) \|$", re.MULTILINE)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_vendored_files_are_exactly_the_listed_ones_with_the_listed_hashes(folder):
    listed = {row["path"]: row["sha256"] for row in ROW.finditer((folder / "VENDOR.md").read_text())}
    present = {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file() and file.name != "VENDOR.md"
    }
    assert present == listed


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_every_vendored_package_brings_its_licence(folder):
    packages = [package for package in folder.iterdir() if package.is_dir()]
    assert packages
    assert [package.name for package in packages if not (package / "LICENSE").is_file()] == []
