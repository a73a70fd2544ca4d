"""The built-in model really runs, in its own process, and answers through the product's own door."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from aiproviders import local_model
from aiproviders.errors import ProviderError
from aiproviders.models import AICall
from aiproviders.services import complete
from tests.aiproviders.conftest import PROMPT, point
from tests.aiproviders.test_conformance import SCHEMA
from tests.processes import wait_until

KEY = "test-local-key"
REASON = local_model.unavailable_reason()
pytestmark = pytest.mark.skipif(bool(REASON) and not os.environ.get("CI"), reason=f"NO LOCAL MODEL HERE: {REASON}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(port: int, **env: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "manage.py", "run_local_llm", "--port", str(port)],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "LOCAL_LLM_KEY": KEY, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def healthy(port: int) -> bool:
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1).status == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def port():
    number = free_port()
    process = start(number)
    try:
        wait_until(lambda: healthy(number) or process.poll() is not None, timeout=60)
        assert process.poll() is None, process.stderr.read()
        yield number
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def local(port, settings, transactional_db) -> None:
    point(settings, "local", f"http://127.0.0.1:{port}/v1", KEY)


def test_it_writes_sentences(local):
    for _ in range(5):  # it is a weak model: now and then it does not find an end
        try:
            completion = complete(PROMPT, model="local", max_tokens=400, demo_allowed=True)
            break
        except ProviderError as error:
            assert error.kind == "truncated"

    assert len(re.findall(r"\w+", completion.text)) > 5
    assert (completion.provider, completion.model, completion.cost) == ("local", "copydesk-local", 0)
    row = AICall.objects.filter(outcome="ok").get()
    assert row.output_tokens > 5 and row.milliseconds > 0


def test_it_keeps_to_a_schema(local):
    try:
        completion = complete(PROMPT, model="local", schema=SCHEMA, max_tokens=1500, demo_allowed=True)
    except ProviderError as error:
        assert error.kind == "truncated"  # the small model may lose itself inside a text, never break the schema
    else:
        assert 0 <= completion.data["score"] <= 10


def test_a_text_cut_off_is_an_error(local):
    with pytest.raises(ProviderError) as caught:
        complete(PROMPT, model="local", max_tokens=5, demo_allowed=True)

    assert caught.value.kind == "truncated"
    assert AICall.objects.get().output_tokens == 5


def test_a_prompt_beyond_its_context_is_too_large(local):
    with pytest.raises(ProviderError) as caught:
        complete(type(PROMPT)(system="", text="word " * 6000), model="local", demo_allowed=True)

    assert caught.value.kind == "too_large"


def test_a_wrong_key_is_refused(local, settings):
    settings.LOCAL_LLM_KEY = "wrong"

    with pytest.raises(ProviderError) as caught:
        complete(PROMPT, model="local", demo_allowed=True)

    assert caught.value.kind == "auth"


def test_a_taken_port_is_one_clear_line(port):
    process = start(port)
    output, errors = process.communicate(timeout=60)

    assert process.returncode == 4
    assert errors.strip() == f"CommandError: cannot listen on 127.0.0.1:{port}: Address already in use"


def test_a_file_that_is_no_model_is_one_clear_line(tmp_path):
    (tmp_path / "notes.txt").write_text("not a model")
    process = start(free_port(), LOCAL_MODEL_PATH=str(tmp_path / "notes.txt"))
    output, errors = process.communicate(timeout=60)

    assert process.returncode == 3
    assert errors.strip().endswith("LOCAL_MODEL_PATH is not a GGUF file")


def test_a_broken_model_is_one_clear_line(tmp_path):
    (tmp_path / "half.gguf").write_bytes(b"GGUF" + bytes(200))
    process = start(free_port(), LOCAL_MODEL_PATH=str(tmp_path / "half.gguf"))
    output, errors = process.communicate(timeout=60)

    assert process.returncode == 5
    assert errors.strip().splitlines()[-1].startswith("CommandError: the model server did not start")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_told_to(how):
    number = free_port()
    process = start(number)
    assert process.stdout.readline().startswith("copydesk-local (")  # said once it serves
    assert healthy(number)

    process.send_signal(how)
    output, errors = process.communicate(timeout=10)

    assert process.returncode == -how
    assert "Traceback" not in errors
