"""A real Chromium for the pages. Without one these tests are skipped loudly; with CI set that is an error."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
MISSING = "no Chromium found; apt-get install -y --no-install-recommends chromium, or set CHROMIUM=/its/path"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
skipped: list[str] = []
expect.set_options(timeout=30_000)  # milliseconds; a loaded machine is no fault of a page


def pytest_collection_modifyitems(items) -> None:
    concerned = [item for item in items if "browser" in item.keywords]
    if CHROMIUM or not concerned:
        return
    if os.environ.get("CI"):
        raise pytest.UsageError(f"{len(concerned)} browser tests cannot run: {MISSING}")
    for item in concerned:
        skipped.append(item.nodeid)
        item.add_marker(pytest.mark.skip(reason=MISSING))


def pytest_terminal_summary(terminalreporter) -> None:
    if skipped:
        terminalreporter.section("BROWSER TESTS DID NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.line(f"{len(skipped)} tests skipped: {MISSING}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    # Playwright's event loop lives in this thread, and Django would refuse the database to it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def site(live_server, settings) -> str:
    """The running site's address; the sandbox's payment notices reach it too."""
    settings.PUBLIC_URL = live_server.url
    return live_server.url


def watch(page: Page, sites: tuple[str, ...], problems: list[str]) -> None:
    """Notes script errors, breaches of the content security policy and requests to other hosts, which lead nowhere."""

    def on_console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            problems.append(message.text)

    def on_request(request: Request) -> None:
        if not request.url.startswith((*sites, "data:", "blob:")):
            problems.append(f"request to {request.url}")

    page.context.on("request", on_request)
    page.on("console", on_console)
    page.on("pageerror", lambda error: problems.append(f"script error: {error}"))


@pytest.fixture
def new_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """A function that opens an empty tab: `new_page(width, dark=, javascript=, leads_to=)`; `leads_to`: another site
    that the test has routed. What watch() notes fails the test."""
    contexts, problems = [], []

    def open_tab(width: int = 1280, *, dark: bool = False, javascript: bool = True, leads_to: str = site) -> Page:
        context = browser.new_context(
            base_url=site,
            locale="en-GB",
            timezone_id="UTC",
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        watch(page, (site, leads_to), problems)
        return page

    yield open_tab
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    return (Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js").read_text()
