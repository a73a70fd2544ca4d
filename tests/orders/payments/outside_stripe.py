"""localstripe, a Stripe server that others wrote, as a process on loopback. `python outside_stripe.py` serves it.

GPL-3, so it is a tool of the tests and never imported by them. Its own command would listen on every interface, and
keep what it knows in a file for all its runs.
"""

import os
import subprocess
import sys
from pathlib import Path

KEY = "sk_test_12345"


class OutsideStripe:
    """`with OutsideStripe() as stripe:` serves at `stripe.url`."""

    def __enter__(self) -> "OutsideStripe":
        env = {"PATH": os.environ["PATH"]}
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__))], stdout=subprocess.PIPE, text=True, env=env
        )
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http://127.0.0.1:")
        return self

    def __exit__(self, *error) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def serve() -> None:
    import socket

    from aiohttp import web
    from localstripe import resources
    from localstripe.server import app

    resources.Store.dump_to_disk = lambda store: None
    listening = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    web.run_app(app, sock=listening, print=None)


if __name__ == "__main__":
    serve()
