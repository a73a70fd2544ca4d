"""The customer's walk: what it says on the way, and how it ends when the shop does not play along."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from config.first_order import WISHES, Away, Customer, WalkFailed, describe, walk


def status(state: str, **job) -> dict:
    return {
        "status": state,
        "progress": {"step": 2, "of": 5, "label": "Writing your article"},
        "queue": {"jobs": [{"position": None, "partsDone": 0, "partsTotal": 0} | job]},
    }


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (status("PROCESSING", position=3), "step 2 of 5: Writing your article, number 3 in line"),
        (status("PROCESSING"), "step 2 of 5: Writing your article"),
        (status("PROCESSING", partsDone=2, partsTotal=7), "step 2 of 5: Writing your article, part 3 of 7"),
        (status("PROCESSING", partsDone=7, partsTotal=7), "step 2 of 5: Writing your article, part 7 of 7"),
        (status("QUALITY_CHECK", partsDone=7, partsTotal=7), "step 2 of 5: Writing your article"),
        (status("PROCESSING") | {"queue": {"jobs": []}}, "step 2 of 5: Writing your article"),
    ],
)
def test_progress_in_words(given, said):
    assert describe(given) == said


@pytest.fixture
def shop():
    """A shop that answers every path with `answer`; `origin` is its address."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            self.rfile.read(int(self.headers.get("content-length") or 0))
            code, body = self.server.answer
            self.send_response(code)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def do_GET(self):
            self.answer()

        def do_POST(self):
            self.answer()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.origin = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_shop_that_refuses_the_form_is_reported(shop):
    shop.answer = (200, '<form method="post" action="/order"><input name="topic"></form>')
    with pytest.raises(WalkFailed, match="/order refused what was filled in"):
        Customer(shop.origin).order(WISHES)


def test_a_shop_without_a_form_is_reported(shop):
    shop.answer = (200, "<p>closed</p>")
    with pytest.raises(ValueError, match="no form on"):
        walk(shop.origin, lambda line: None, timeout=5)


@pytest.mark.parametrize(("code", "kind"), [(404, WalkFailed), (429, Away), (503, Away)])
def test_an_answer_that_is_none_is_reported_with_its_number(shop, code, kind):
    shop.answer = (code, "")
    with pytest.raises(kind, match=f"answered {code}"):
        Customer(shop.origin).status(f"{shop.origin}/order-status/1?t=key")
