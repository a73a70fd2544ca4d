"""A web process whose database does not answer says so, with 503; it does not crash."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASK = textwrap.dedent(
    """
    import django
    django.setup()
    from django.test import Client
    client = Client(headers={"host": "127.0.0.1"})
    for path in ("/", "/order", "/readyz", "/api/v1/purchase/products", "/healthz"):
        answer = client.get(path)
        print(path, answer.status_code, answer.headers.get("Retry-After"), answer["Content-Type"])
    """
)


@pytest.mark.parametrize("database", ["postgres://nobody:x@127.0.0.1:1/none", "sqlite:////proc/none/db.sqlite3"])
def test_every_page_and_endpoint_answers_503_with_retry_after(database, tmp_path):
    env = os.environ | {
        "DATABASE_URL": database,
        "COPYDESK_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_WAIT": "1",
    }
    done = subprocess.run([sys.executable, "-c", ASK], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    answers = {line.split()[0]: line.split()[1:3] for line in done.stdout.splitlines()}
    assert answers == {
        "/": ["503", "5"],
        "/order": ["503", "5"],
        "/readyz": ["503", "None"],
        "/api/v1/purchase/products": ["503", "5"],
        "/healthz": ["200", "None"],
    }
    assert "Traceback" not in done.stdout
