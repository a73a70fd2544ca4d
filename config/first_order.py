"""A customer's walk through the shop, over HTTP only: order, pay in the sandbox, watch until the article is there."""

import http.cookiejar
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

from config.form_page import FormPage

# Plain facts of everyday life: a small model can say something true about them.
WISHES = {
    "product": "article-200",
    "email": "first.customer@copydesk.example",
    "topic": "How to keep a small kitchen garden",
    "niche": "Home and garden",
    "keyword": "kitchen garden",
    "target_url": "https://garden.example/seeds",
    "anchor_text": "seeds for small gardens",
}
POLL_SECONDS = 0.5
OVER = ("FAILED", "CANCELLED")
MAX_BODY = 2_000_000


class WalkFailed(Exception):
    """The walk did not end with an article; the message says at which step and why."""


class Away(WalkFailed):
    """The site answered 5xx, as it does while it is being started again."""


@dataclass(frozen=True)
class Walk:
    """Where the walk ended: the order page's address with its key, and the last status answer."""

    page: str
    status: dict
    seconds: float


class Customer:
    """A browser of sorts: cookies, redirects, forms. `origin` is "http://127.0.0.1:PORT"."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self._seen = _Redirects()
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar, self._seen)

    def order(self, wishes: dict[str, str]) -> FormPage:
        """Fill in the order form and agree to what it asks; returns the page where it is paid."""
        form = self.page(f"{self.origin}/order/")
        return self._send(form, {**form.to_tick, **wishes})

    def pay(self, page: FormPage) -> str:
        """Pay in the sandbox; returns the order page's address with its key."""
        self._send(page, {"outcome": "pay"}, parse=False)
        for url in reversed(self._seen.urls):
            if "t" in urllib.parse.parse_qs(urllib.parse.urlsplit(url).query):
                return url
        raise WalkFailed("Paying did not lead to an order page.")

    def status(self, page: str) -> dict:
        """The API's answer about the order of that page."""
        parts = urllib.parse.urlsplit(page)
        order_id, key = parts.path.rstrip("/").rpartition("/")[2], urllib.parse.parse_qs(parts.query)["t"][0]
        headers = {"Authorization": f"Bearer {key}"}
        address = f"{self.origin}/api/v1/purchase/status/{order_id}"
        return json.loads(self._fetch(urllib.request.Request(address, headers=headers))[1])  # noqa: S310

    def page(self, url: str) -> FormPage:
        """The form on the page at `url`."""
        return FormPage(*self._fetch(urllib.request.Request(url)))  # noqa: S310 - our own site

    def _send(self, form: FormPage, changes: dict[str, str], *, parse: bool = True) -> FormPage | None:
        body = urllib.parse.urlencode({**form.fields, **changes}).encode()
        request = urllib.request.Request(form.action, body, {"Referer": form.url})  # noqa: S310
        url, html = self._fetch(request)
        if parse and url == form.action:
            raise WalkFailed(f"{url} refused what was filled in.")
        return FormPage(url, html) if parse else None

    def _fetch(self, request: urllib.request.Request) -> tuple[str, str]:
        try:
            with self._opener.open(request, timeout=30) as answer:
                return answer.url, answer.read(MAX_BODY).decode()
        except urllib.error.HTTPError as error:
            error.close()
            kind = Away if error.code >= 500 or error.code == 429 else WalkFailed
            raise kind(f"{request.full_url} answered {error.code}.") from None


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Remembers where it was sent: the order page takes the key out of its address at once."""

    def __init__(self) -> None:
        self.urls: list[str] = []

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        self.urls.append(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def walk(origin: str, say: Callable[[str], None], timeout: float) -> Walk:
    """Order, pay and watch; `say` gets a line whenever something moved. Raises WalkFailed after `timeout` seconds."""
    began = time.monotonic()
    customer = Customer(origin)
    say(f"ordering an article: {WISHES['topic']}")
    page = customer.pay(customer.order(WISHES))
    say("paid in the sandbox")
    last = ""
    while time.monotonic() - began < timeout:
        status = _asked(customer, page)
        line = describe(status) if status else last
        if line != last:
            say(line)
            last = line
        if status and status["status"] in OVER:
            raise WalkFailed(f"The order ended as {status['status']}: {line}")
        if status and status["status"] == "QUALITY_CHECK":
            return Walk(page, status, time.monotonic() - began)
        time.sleep(POLL_SECONDS)
    raise WalkFailed(f"No article within {timeout:.0f} s; last seen: {last or 'nothing'}")


def describe(status: dict) -> str:
    """One line for people: "step 2 of 5: Writing your article, part 3 of 7"."""
    progress, jobs = status["progress"], status["queue"]["jobs"]
    line = f"step {progress['step']} of {progress['of']}: {progress['label']}"
    if status["status"] != "PROCESSING" or not jobs:
        return line
    job = jobs[0]
    if job["position"]:
        return f"{line}, number {job['position']} in line"
    done, total = job["partsDone"], job["partsTotal"]
    return f"{line}, part {min(done + 1, total)} of {total}" if total else line


def _asked(customer: Customer, page: str) -> dict | None:
    try:
        return customer.status(page)
    except (Away, OSError):  # asked again in a moment
        return None
