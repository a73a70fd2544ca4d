"""Prefixed lines, coloured only for people at a terminal."""

import io

import pytest

from config.console import Console, Plain


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def colours_allowed(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_every_program_keeps_a_colour_of_its_own():
    stream = Terminal()
    console = Console(stream)
    for name in ("web", "worker", "web"):
        console.line(name, "x")
    first, second, third = stream.getvalue().splitlines()
    assert first == third == "\x1b[36mweb    |\x1b[0m x"
    assert second == "\x1b[32mworker |\x1b[0m x"


def test_no_color_is_respected(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()
    Console(stream).line("web", "x")
    assert stream.getvalue() == "web    | x\n"


def test_a_program_cannot_rewrite_the_screen():
    stream = io.StringIO()
    Console(stream).line("web", "a\x1b[2J\rb\x07")
    Plain(stream).line("up", "c\x1b[2J")
    assert stream.getvalue() == "web    | a[2Jb\nc[2J\n"


def test_a_reader_that_went_away_stops_nothing():
    stream = io.StringIO()
    console = Console(stream)
    stream.close()
    console.line("web", "x")
