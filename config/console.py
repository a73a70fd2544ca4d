"""Prints lines with a coloured name in front; safe from several threads."""

import os
import re
import sys
import threading
from typing import TextIO

COLOURS = ("36", "32", "33", "35", "34", "96", "92", "93")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
WIDTH = 7


class Console:
    """Where log lines and messages go. Colour only on a terminal and unless NO_COLOR is set."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stdout
        self._colour = self.stream.isatty() and not os.environ.get("NO_COLOR")
        self._names: dict[str, str] = {}
        self._lock = threading.Lock()

    def line(self, name: str, text: str) -> None:
        """One line of the program `name`; control characters are dropped, they could rewrite the screen."""
        prefix = f"{name:<{WIDTH}}|"
        with self._lock:
            if self._colour:
                colour = self._names.setdefault(name, COLOURS[len(self._names) % len(COLOURS)])
                prefix = f"\x1b[{colour}m{prefix}\x1b[0m"
            self._write(f"{prefix} {CONTROL.sub('', text)}\n")

    def block(self, text: str) -> None:
        """Several lines as they are, kept together."""
        with self._lock:
            self._write(f"{text}\n")

    def _write(self, text: str) -> None:
        try:
            self.stream.write(text)
            self.stream.flush()
        except (OSError, ValueError):  # nobody reads any more (closed terminal, `| head`): serving goes on
            return


class Plain(Console):
    """For lines that have a name in front already."""

    def line(self, name: str, text: str) -> None:
        self.block(CONTROL.sub("", text))
