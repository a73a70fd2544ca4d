"""A real Chromium for the pages. Without one these tests are skipped loudly; with CI set that is an error."""

import contextlib
import functools
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from queues import bell, topics
from tests.browser.sessions import log_in
from tests.browser.waiting import streams_of
from tests.live import LiveProcess
from tests.processes import wait_until

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
    "--process-per-site",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
LIKE_EVERYBODY = {"locale": "en-GB", "timezone_id": "UTC", "reduced_motion": "reduce"}
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


def watch(page: Page, leads_to: str, problems: list[str]) -> None:
    """Notes script errors, breaches of the content security policy and requests to other hosts, which lead nowhere."""

    def on_console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            problems.append(message.text)

    def on_request(request: Request) -> None:
        site = settings.PUBLIC_URL
        if not request.url.startswith((site, settings.LIVE_URL or site, leads_to or site, "data:", "blob:")):
            problems.append(f"request to {request.url}")

    page.on("request", on_request)
    page.on("popup", lambda popup: watch(popup, leads_to, problems))
    page.on("console", on_console)
    page.on("pageerror", lambda error: problems.append(f"script error: {error}"))


@contextlib.contextmanager
def warm_context(browser: Browser, site: str, **how) -> Iterator[Callable[[], BrowserContext]]:
    """A function that gives the same context each time. Its process stays, by an open tab: a new one is a quarter of a
    test's processor time, half with axe-core. What a visit leaves behind is forgotten by forget_visit()."""

    @functools.cache
    def context() -> BrowserContext:
        opened = browser.new_context(base_url=site, **LIKE_EVERYBODY, **how)
        opened.new_page().goto("/healthz")
        return opened

    yield context
    if context.cache_info().currsize:
        context().close()


@pytest.fixture(scope="session")
def context_as_usual(browser: Browser, live_server) -> Iterator[Callable[[], BrowserContext]]:
    with warm_context(browser, live_server.url) as context:
        yield context


@pytest.fixture(scope="session")
def context_without_javascript(browser: Browser, live_server) -> Iterator[Callable[[], BrowserContext]]:
    with warm_context(browser, live_server.url, java_script_enabled=False) as context:
        yield context


@pytest.fixture(scope="module")
def context_with_clock(browser: Browser, live_server) -> Iterator[Callable[[], BrowserContext]]:
    """A file's own: each new tab goes through all that its clock has been told before, so this must not become long."""
    with warm_context(browser, live_server.url) as context:
        yield context


@pytest.fixture
def new_page(
    browser: Browser, context_as_usual, context_without_javascript, context_with_clock, site: str
) -> Iterator[Callable[..., Page]]:
    """A function that opens an empty tab: `new_page(width, dark=, javascript=, clock=, leads_to=)`; `clock`: it stands
    still until the test moves it; `leads_to`: another site that it has routed. Each tab is somebody else, who was never
    here. What watch() notes fails the test."""
    pages, problems = [], []

    def open_tab(
        width: int = 1280, *, dark: bool = False, javascript: bool = True, clock: bool = False, leads_to: str = ""
    ) -> Page:
        assert javascript or not clock
        if pages:
            page = browser.new_context(base_url=site, java_script_enabled=javascript, **LIKE_EVERYBODY).new_page()
        elif javascript:
            page = next_tab(context_with_clock() if clock else context_as_usual())
        else:
            page = next_tab(context_without_javascript())
        pages.append(page)
        page.set_default_timeout(60_000)
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if dark else "light")
        watch(page, leads_to, problems)
        if clock:
            stop_the_clock(page)
        return page

    yield open_tab
    for number, page in enumerate(pages):
        if number:
            page.context.close()
        else:
            forget_visit(page, site)
    assert problems == []


@pytest.fixture
def staff_page(new_page, admin_user) -> Page:
    """A phone's, of somebody who is logged in; its clock is the test's."""
    page = new_page(390, clock=True)
    log_in(page, admin_user)
    return page


def next_tab(context: BrowserContext) -> Page:
    """From the open one: a tab from nowhere would have a process of its own until it goes somewhere."""
    with context.expect_page() as tab:
        context.pages[0].evaluate("void open()")
    return tab.value


def stop_the_clock(page: Page) -> None:
    now = time.time()
    page.clock.install(time=now - 60)  # goes on until it is told to stand still, which must be ahead of it
    page.clock.pause_at(now)


def forget_visit(page: Page, site: str) -> None:
    """Close all tabs of the visit; cookies, drafts and whatever else the browser kept of it are gone."""
    first, *further = page.context.pages
    for tab in further:
        tab.close()
    chromium = page.context.new_cdp_session(first)
    chromium.send("Storage.clearDataForOrigin", {"origin": site, "storageTypes": "all"})
    chromium.detach()
    page.context.clear_cookies()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    return (Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js").read_text()


@pytest.fixture(scope="session")
def live_process(live_server) -> Iterator[LiveProcess]:
    process = LiveProcess(PUBLIC_URL=live_server.url)
    yield process
    process.kill()


@pytest.fixture
def live(live_process: LiveProcess, site: str, settings) -> LiveProcess:
    """The streams of the pages, from a process of their own that serves all tests; nobody listens to it yet."""
    if streams_of(live_process):  # a browser may take its time to hang up for a closed tab
        live_process.kill()
    if live_process.process.poll() is not None:
        live_process.start()
    settings.LIVE_URL = live_process.url
    wait_until(lambda: bell.client().pubsub_numsub(topics.CHANNEL)[0][1])
    return live_process


@pytest.fixture
def fresh_live(live_process: LiveProcess, request) -> LiveProcess:
    """One with a memory of nothing: of a line that moved, a page may be told up to two seconds later."""
    live_process.kill()
    return request.getfixturevalue("live")
