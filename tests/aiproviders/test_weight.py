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
from aiproviders import registry
from aiproviders.base import Prompt

def ask(provider, model="ok"):
    prompt = Prompt(system="", text="Write about 60 words.")
    registry.provider(provider).complete(prompt, model=model, schema=None, deadline=60, max_tokens=500)

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
