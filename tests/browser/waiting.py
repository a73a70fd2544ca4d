"""Waiting for what a page in the browser causes somewhere else."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.processes import wait_until


def wait_while_browsing(page: Page, condition: Callable[[], object]) -> None:
    """As wait_until; Playwright lets the page's requests through only while it is asked something."""
    wait_until(lambda: page.evaluate("true") and condition())
