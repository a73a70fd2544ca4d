import os
import subprocess
import sys

import pytest
from django.contrib.auth import get_user_model

from tests.workers import database_url

SDKS = {"openai", "anthropic", "google.genai", "google.generativeai", "genai_prices", "xllamacpp", "httpx2", "grpc"}
WEB_PROCESS = """
import sys
import config.wsgi
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

client = Client(headers={"host": "localhost"})
client.force_login(get_user_model().objects.get())
lists = [reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist") for model in admin.site._registry]
ours = "/ /order /healthz /metrics /api/docs /api/schema /api/jobs /api/user/ai-settings /admin/ /admin/settings/ai"
for address in (*ours.split(), "/api/stories/scoring/openai/test", *lists):
    assert (status := client.get(address).status_code) in (200, 202), (address, status)
page = "/admin/settings/ai"
for address, sent in ((page, {"preferred_model": "openai/gpt-4o"}), (f"{page}/keys/openai", {"key": "sk-web-process"})):
    assert client.post(address, sent).status_code == 302, address
assert client.post(f"{page}/keys/openai/check").status_code == 302
print(" ".join(sys.modules))
"""


@pytest.mark.django_db(transaction=True)
def test_the_web_process_loads_no_sdk_whatever_page_it_serves():
    get_user_model().objects.create_superuser("boss")
    env = {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": database_url()}

    done = subprocess.run([sys.executable, "-c", WEB_PROCESS], env=os.environ | env, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert {"aiproviders.registry", "config.ai_settings.page"} <= loaded
    assert not loaded & SDKS


HALF_IMPORTED = """
import sys, threading
import openai
from aiproviders.backends.openai import OpenAI
from aiproviders.base import Endpoint, Prompt
from aiproviders.secret import Secret

sys.modules.pop("httpx", None)
sys.path.insert(0, sys.argv[1])
sys.begun, sys.goes_on = threading.Event(), threading.Event()

def ask():
    provider = OpenAI(Endpoint("openai", sys.argv[2], Secret("sk-test")))
    print(provider.complete(Prompt("s", "t"), model="ok", schema=None, deadline=20, max_tokens=50).finish)

def waits():
    frame = sys._current_frames().get(asking.ident)
    while frame and frame.f_locals.get("name") != "httpx":
        frame = frame.f_back
    return frame

importing = threading.Thread(target=__import__, args=("httpx",))
asking = threading.Thread(target=ask)
importing.start()
sys.begun.wait(20)
asking.start()
while asking.is_alive() and not waits():
    asking.join(0.01)
sys.goes_on.set()
asking.join()
"""
SLOW_HTTPX = """
import sys
sys.begun.set()
sys.goes_on.wait(20)
class Client: ...
class AsyncClient: ...
class URL: ...
class Response: ...
class Timeout: ...
"""


def test_a_request_waits_until_another_thread_has_imported_the_older_httpx(fake, tmp_path):
    """Packages that know both look for it in `sys.modules`, and would find the half of it that is there."""
    (tmp_path / "httpx.py").write_text(SLOW_HTTPX)
    words = [sys.executable, "-c", HALF_IMPORTED, str(tmp_path), fake.url]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("stop\n", "")
