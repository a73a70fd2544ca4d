"""A TCP proxy that can lose the network: what was open is never answered again, and nobody is told."""

import contextlib
import socket
from threading import Thread
from urllib.parse import urlsplit, urlunsplit


class Proxy:
    """Stands before the server of `url`; `url` of the proxy leads through it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._target, self._server = (parts.hostname, parts.port), socket.create_server(("127.0.0.1", 0))
        place = f"{parts.netloc.rpartition(':')[0]}:{self._server.getsockname()[1]}"
        self.url = urlunsplit(parts._replace(netloc=place))
        self.accepted = 0
        self._broken = False
        self._open: list[socket.socket] = []
        self._lost: set[socket.socket] = set()
        Thread(target=self._accept, daemon=True).start()

    def lose(self) -> None:
        """From now on nothing gets through, and no connection is closed."""
        self._broken = True
        self._lost |= set(self._open)

    def restore(self) -> None:
        """New connections work again; those that were lost stay silent."""
        self._broken = False

    def close(self) -> None:
        for each in (self._server, *self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near = self._server.accept()[0]
                self.accepted += 1
                far = socket.create_connection(self._target)
                self._open += [near, far]
                if self._broken:
                    self._lost |= {near, far}
                for source, sink in ((near, far), (far, near)):
                    Thread(target=self._forward, args=(source, sink), daemon=True).start()

    def _forward(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if source not in self._lost:
                    sink.sendall(data)
            if source not in self._lost:
                sink.shutdown(socket.SHUT_WR)
