"""HTTP load from autocannon, in a process of its own."""

import json
import subprocess
import urllib.request

from benchmarks.sides.bullmq import PEER

CLIENTS = 16
ASKED = json.dumps({"brief": "Write about 120 words on kitchen compost.", "priority": 3})


def run(method: str, url: str, token: str, *, seconds: int) -> dict[str, float]:
    """Requests per second (`rate`), `p50` and `p99` in ms, and the number of `errors`; a second of warm-up first."""
    options = {
        "url": url,
        "method": method,
        "connections": CLIENTS,
        "duration": seconds,
        "warmup": {"connections": CLIENTS, "duration": 1},
        "headers": headers(token),
    }
    if method == "POST":
        options["body"] = ASKED
    command = ["node", str(PEER / "load.mjs"), json.dumps(options)]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}


def ask(address: str, token: str, body: str = ASKED) -> str:
    """Ask for one draft; the path of its job."""
    request = urllib.request.Request(f"{address}/api/drafts", body.encode(), headers(token))
    with urllib.request.urlopen(request) as answer:
        return answer.headers["Location"]
