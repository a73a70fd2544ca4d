"""Which parts `up` starts, and what it tells them."""

import io
import os
from collections.abc import Iterator

import pytest

from aiproviders import keys
from aiproviders.choice import default_model
from config import programs, redis_server
from config.console import Console
from config.programs import Addresses
from config.system import System
from tests.systems import Up

ADDRESSES = Addresses(web=8000, flower=5555, model=20001, live=20002)


@pytest.fixture
def models(settings):
    settings.AI_MODEL = settings.OPENAI_API_KEY = settings.LOCAL_LLM_URL = ""
    return settings


def choose(*, with_model: bool = True) -> tuple[bool, dict[str, str], str]:
    """Whether the built-in model is started, what the others are told, what people are told."""
    shared, output = {}, io.StringIO()
    started = System(None, Console(output), ADDRESSES, with_model)._choose_model(shared)
    return started, shared, output.getvalue()


@pytest.fixture
def usable_model(monkeypatch):
    monkeypatch.setattr("aiproviders.local_model.unavailable_reason", lambda: None)


def test_without_a_key_the_built_in_model_writes(models, usable_model):
    started, shared, said = choose()
    assert started
    assert shared == {"LOCAL_LLM_URL": "http://127.0.0.1:20001/v1", "LOCAL_LLM_KEY": shared["LOCAL_LLM_KEY"]}
    assert len(shared["LOCAL_LLM_KEY"]) >= 32
    assert said == ""


@pytest.mark.parametrize(
    "chosen",
    [
        {"OPENAI_API_KEY": "sk-x"},
        {"GEMINI_API_KEY": "x"},
        {"AI_MODEL": "openai/gpt"},
        {"AI_MODEL": "extract"},
        {"LOCAL_LLM_URL": "http://127.0.0.1:9/v1"},
    ],
    ids=str,
)
def test_whoever_brings_a_model_gets_no_other(models, usable_model, chosen):
    for name, value in chosen.items():
        setattr(models, name, value)
    assert choose() == (False, {}, "")


def test_the_built_in_model_can_be_chosen_beside_a_key(models, usable_model):
    models.OPENAI_API_KEY, models.AI_MODEL = "sk-x", "local"
    assert choose()[0]


@pytest.mark.parametrize("with_model", [True, False])
def test_where_it_cannot_run_the_extract_writer_takes_over_and_says_why(models, monkeypatch, db, with_model):
    monkeypatch.setattr("aiproviders.local_model.unavailable_reason", lambda: "this processor has no AVX2")
    started, shared, said = choose(with_model=with_model)
    why = "this processor has no AVX2" if with_model else "--no-llm was given"
    assert (started, shared) == (False, {})
    assert said == f"up     | no language model ({why}): the extract writer takes over, labelled as such\n"
    assert str(default_model()) == "extract/extract/1"


def test_a_key_that_staff_save_later_ends_the_extract_writers_time(models, db):
    _, shared, _ = choose(with_model=False)
    for name, value in shared.items():
        setattr(models, name, value)
    keys.save("anthropic", "sk-of-the-house")
    assert default_model().provider == "anthropic"


def test_where_the_built_in_model_was_chosen_and_cannot_run_extract_stands_in(models):
    models.OPENAI_API_KEY, models.AI_MODEL = "sk-x", "local"
    assert choose(with_model=False)[:2] == (False, {"AI_MODEL": "extract"})


def test_links_carry_the_address_of_the_site_unless_there_is_a_better_one(monkeypatch):
    assert programs.shared_environment(ADDRESSES)["PUBLIC_URL"] == "http://127.0.0.1:8000"
    monkeypatch.setenv("PUBLIC_URL", "https://shop.example")
    assert "PUBLIC_URL" not in programs.shared_environment(ADDRESSES)


def test_pages_find_the_streams_on_this_machine_unless_people_come_from_elsewhere(monkeypatch):
    assert programs.shared_environment(ADDRESSES)["LIVE_URL"] == "http://127.0.0.1:20002"
    monkeypatch.setenv("LIVE_URL", "http://127.0.0.1:8001")
    assert "LIVE_URL" not in programs.shared_environment(ADDRESSES)
    monkeypatch.delenv("LIVE_URL")
    monkeypatch.setenv("PUBLIC_URL", "https://shop.example")
    assert "LIVE_URL" not in programs.shared_environment(ADDRESSES)


def test_a_proxy_for_the_world_is_not_used_between_our_own_parts(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "intranet.example")
    monkeypatch.delenv("no_proxy", raising=False)
    shared = programs.shared_environment(ADDRESSES)
    assert shared["NO_PROXY"] == "intranet.example,127.0.0.1,localhost"
    assert shared["no_proxy"] == shared["NO_PROXY"]


@pytest.fixture(scope="module")
def up_beside(tmp_path_factory) -> Iterator[Up]:
    """One that was given a Redis, and a file that is no model."""
    folder = tmp_path_factory.mktemp("beside")
    broken = folder / "broken.gguf"
    broken.write_bytes(b"GGUF and nothing else")
    server, process = redis_server.start_process(folder / "redis")
    up = Up(folder / "data", REDIS_URL=server.url, LOCAL_MODEL_PATH=str(broken)).wait_until_up()
    yield up
    assert up.stop() == 0
    process.terminate()
    process.wait(10)


def test_a_redis_of_ones_own_is_used_and_no_other_started(up_beside):
    assert up_beside.pid_of("valkey-server") is None
    assert not os.path.exists(f"{up_beside.shown('Data')}/redis")


def test_a_model_file_that_does_not_load_is_no_reason_not_to_start(up_beside):
    assert "up     | no language model (its server ended): the extract writer takes over" in up_beside.output()
    assert up_beside.pid_of("run_local_llm") is None
