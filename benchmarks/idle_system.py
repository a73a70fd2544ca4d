"""One request at a time into a system that does nothing else: how long until 202, how long until the model is asked?"""

import http.client
import json
import random
import time
from urllib.parse import urlsplit

from benchmarks import http_load
from benchmarks.servers import Servers

WARM_UP = 5
PAUSE = (0.05, 0.15)  # seconds; long enough that nothing of the last job is left, and never in step with a timer


def measure(servers: Servers, address: str, token: str, *, asks: int) -> tuple[list[float], list[float]]:
    """Milliseconds from the request to its 202, and from the request to the provider's first byte of it."""
    client = http.client.HTTPConnection(urlsplit(address).netloc)
    sent: dict[int, float] = {}
    answered = []
    for number in range(1, asks + WARM_UP + 1):
        body = json.dumps({"brief": f"#{number} [fixed-0] Write about 120 words on kitchen compost."})
        sent[number] = time.time()
        client.request("POST", "/api/drafts", body, http_load.headers(token))
        answer = client.getresponse()
        answer.read()
        answered.append((time.time() - sent[number]) * 1000)
        if answer.status != 202:
            raise RuntimeError(f"{address} answered {answer.status}")
        time.sleep(random.uniform(*PAUSE))
        if number == WARM_UP:
            time.sleep(2)
            servers.journal()
    time.sleep(2)
    called = [(arrived - sent[number]) * 1000 for arrived, _, number in servers.journal()]
    if len(called) != asks:
        raise RuntimeError(f"The provider was asked {len(called)} times for {asks} drafts")
    return answered[WARM_UP:], called
