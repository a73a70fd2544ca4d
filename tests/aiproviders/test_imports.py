import subprocess
import sys

SDKS = {"openai", "anthropic", "google.genai", "google.generativeai", "genai_prices", "xllamacpp", "httpx2", "grpc"}
WEB_PROCESS = """
import sys
import config.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
from aiproviders import services, selectors
services.choose("openai")
print(" ".join(sys.modules))
"""


def test_the_web_process_loads_no_sdk():
    answer = subprocess.run([sys.executable, "-c", WEB_PROCESS], capture_output=True, text=True, check=True)

    loaded = set(answer.stdout.split())
    assert "aiproviders.registry" in loaded
    assert not loaded & SDKS
