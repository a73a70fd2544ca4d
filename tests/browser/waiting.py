"""Waiting for what a page in the browser causes somewhere else, and for what it hears from there."""

import contextlib
import re
from collections.abc import Callable, Iterator

from playwright.sync_api import Page

from tests.live import LiveProcess
from tests.processes import wait_until


def wait_while_browsing(page: Page, condition: Callable[[], object]) -> None:
    """As wait_until; Playwright lets the page's requests through only while it is asked something."""
    wait_until(lambda: page.evaluate("true") and condition())


def answer_to_a_look(page: Page, address: str | re.Pattern, milliseconds: int) -> int:
    """Moves the page's clock, which lets it look once more; returns the answer's status when the page has read it.

    Until then the page has not decided when to look again, and a clock that moves on could leave that moment behind.
    """
    with page.expect_response(address) as answer:
        page.clock.run_for(milliseconds)
    if answer.value.status == 200:  # the page reads nothing else, and the browser waits for it
        answer.value.finished()
    return answer.value.status


def streams_of(process: LiveProcess) -> int:
    """Connections that are open at the live process."""
    port = f":{process.addresses.live:04X}"
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in table]
    return sum(row[1].endswith(port) and row[3] == "01" for row in rows)


@contextlib.contextmanager
def expect_news(page: Page) -> Iterator[None]:
    """Ends when the page's stream has told it something. A stream that begins does so, too.

    However long that takes, no time passes on the page's own clock: what it does next, it does because it was told.
    """
    heard: list[dict] = []
    chromium = page.context.new_cdp_session(page)
    chromium.on("Network.eventSourceMessageReceived", lambda message: heard.append(message))
    chromium.send("Network.enable")
    yield
    wait_while_browsing(page, lambda: heard)
    chromium.detach()
