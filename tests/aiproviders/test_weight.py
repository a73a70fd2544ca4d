"""What a worker weighs with every SDK loaded and many calls under way."""

import os
import subprocess
import sys

from tests.aiproviders.conftest import KEY, SETTINGS, address

MOST_MEGABYTES = 250
WORKER = """
import threading
import celery.apps.worker, celery.bin.worker
from config.celery import app
app.loader.import_default_modules()
from aiproviders.attempt import attempt
from aiproviders.base import Prompt
from aiproviders.choice import choose

SCHEMA = {{"type": "object", "properties": {{"why": {{"type": "string"}}}}, "required": ["why"]}}

def ask(provider, model="ok"):
    made = attempt(choose(f"{{provider}}/{{model}}"), Prompt(system="", text="Write 60 words."), schema=SCHEMA)
    if made.failure:
        raise made.failure

for provider in {providers}:
    ask(provider)
threads = [threading.Thread(target=ask, args=("openai", "ok-slow-1000")) for _ in range(200)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
"""


def test_a_worker_with_every_sdk_and_200_calls_stays_light(fake):
    env = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    for provider, names in SETTINGS.items():
        env |= {names["address"]: address(fake, provider), names["key"]: KEY}
    script = WORKER.format(providers=sorted(SETTINGS))

    done = subprocess.run([sys.executable, "-c", script], env=os.environ | env, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) / 1024 < MOST_MEGABYTES
    assert len(fake.requests) == len(SETTINGS) + 200
