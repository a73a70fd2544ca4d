"""The real process of the live streams, and listeners to it that know no more of HTTP than they need."""

import asyncio
import json
import os
import socket
import subprocess
from base64 import b64encode
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from config import ports, programs
from tests import services
from tests.processes import wait_until
from tests.systems import ask


def run(coroutine: Coroutine) -> Any:
    """As asyncio.run, in a thread: once a browser was used, Playwright's loop lives in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


class LiveProcess:
    """What `up` starts as `live`, on a port of its own; `env` overrides settings."""

    def __init__(self, **env: str) -> None:
        self.addresses = programs.Addresses(web=0, flower=0, model=0, live=ports.free_port())
        self.url, self.env = self.addresses.live_url, env
        self.start()

    def start(self) -> None:
        """Start, on the same port as before; returns when it answers."""
        program = programs.live(self.addresses, {})
        env = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"} | self.env
        self.process = subprocess.Popen(program.command, env=env, start_new_session=True)
        services.guard.watch(self.process.pid)
        wait_until(lambda: ask(self.url)[0] or self.process.poll() is not None)
        assert self.process.poll() is None

    def terminate(self) -> int:
        """SIGTERM; the exit status. Fails when it takes 5 seconds."""
        self.process.terminate()
        return self.process.wait(5)

    def kill(self) -> None:
        """kill -9 of the whole group."""
        services.signal_group(self.process.pid, 9)
        self.process.wait()
        services.guard.forget(self.process.pid)


class Listener:
    """One open stream. `Listener(address)` returns when the server has answered."""

    def __init__(self, address: str, *headers: str) -> None:
        parts = urlsplit(address)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=20)
        request = [f"GET {parts.path} HTTP/1.1", f"Host: {parts.netloc}", *headers, "", ""]
        self.socket.sendall("\r\n".join(request).encode())
        self.lines = self.socket.makefile("rb")
        self.status = int(self.lines.readline().split()[1])
        self.headers = dict(iter(self._header, None))

    def _header(self) -> tuple[str, str] | None:
        name, _, value = self.lines.readline().decode().partition(":")
        return (name.lower(), value.strip()) if value else None

    def event(self) -> dict | None:
        """The next message; None at the end of the stream."""
        for line in self.lines:
            if line.startswith(b"data: "):
                return json.loads(line[6:])
        return None

    def until(self, **wanted: Any) -> list[dict]:
        """The messages up to the one with these values. A bare "look again" may come at any time, and so may
        what was announced just before the stream was opened."""
        heard = []
        while not heard or not wanted.items() <= heard[-1].items():
            heard.append(self.event())
            assert heard[-1], "the stream has ended"
        return heard

    def close(self) -> None:
        self.lines.close()
        self.socket.close()


class SocketListener(Listener):
    """The same over WebSocket (RFC 6455), for messages below 64 KB that arrive in one piece."""

    def __init__(self, address: str, *headers: str) -> None:
        key = b64encode(os.urandom(16)).decode()
        upgrade = (
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {key}",
        )
        super().__init__(address, *upgrade, *headers)

    def event(self) -> dict | None:
        """The next message; None when the server closes, politely or not."""
        kind, length = self.lines.read(2) or (0, 0)
        if length == 126:
            length = int.from_bytes(self.lines.read(2), "big")
        text = self.lines.read(length)
        return json.loads(text) if kind == 0x81 else None
