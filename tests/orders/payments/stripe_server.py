"""A small Stripe on loopback: checkout sessions, intents and refunds, strict where Stripe is, and faults on demand.

It knows nothing of the product. Refusals, idempotency keys and statuses follow Stripe's API reference.
"""

import itertools
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

KEY = "sk_test_loopback"
SESSION_FIELDS = {
    "mode",
    "client_reference_id",
    "customer_email",
    "expires_at",
    "success_url",
    "cancel_url",
    "payment_intent_data[description]",
}
ITEM = re.compile(r"line_items\[\d+\]\[(quantity|price_data\]\[(currency|unit_amount|product_data\]\[name))\]")
REFUND_FIELDS = {"payment_intent", "amount"}


class Refusal(Exception):
    def __init__(self, status: int, code: str, kind: str = "invalid_request_error"):
        self.status = status
        self.error = {"type": kind, "code": code, "message": f"No: {code}."}


class StripeServer:
    """`with StripeServer() as stripe:` serves at `stripe.url` with KEY. All state is in its dicts."""

    def __init__(self) -> None:
        self.sessions: dict[str, dict] = {}
        self.intents: dict[str, dict] = {}
        self.refunds: dict[str, dict] = {}
        self.answers: dict[str, tuple[bytes, int, dict]] = {}  # by idempotency key
        self.requests: list[tuple[str, str, dict]] = []
        self.faults: list[str] = []  # for the next requests: a status to answer, or "lost": done, and no answer
        self.next_refund = "succeeded"  # the status of new refunds
        self.holding = threading.Event()  # set: a refund is made, and its answer kept back until `release`
        self.release = threading.Event()
        self.release.set()
        self.lock = threading.Lock()
        self.numbers = itertools.count(1)

    def __enter__(self) -> "StripeServer":
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *error) -> None:
        self.release.set()
        self.http.shutdown()
        self.http.server_close()

    # --- what people do at Stripe

    def pay(self, session_id: str, **changes) -> list[dict]:
        """The customer pays in the checkout; returns the events that Stripe sends then."""
        session = self.sessions[session_id]
        assert session["status"] == "open", "nobody can pay here any more"
        intent = self.make_intent(session["amount_total"], session["currency"], session["intent_metadata"], **changes)
        session |= {"status": "complete", "payment_status": "paid", "payment_intent": intent["id"]}
        return [event("payment_intent.succeeded", intent), event("checkout.session.completed", session)]

    def make_intent(self, amount: int, currency: str, metadata: dict, **changes) -> dict:
        intent = {
            "id": f"pi_{next(self.numbers)}",
            "object": "payment_intent",
            "amount": amount,
            "amount_received": amount,
            "currency": currency,
            "status": "succeeded",
            "livemode": False,
            "metadata": metadata,
        }
        self.intents[intent["id"]] = intent | changes
        return self.intents[intent["id"]]

    def refund_by_hand(self, intent_id: str, amount: int) -> dict:
        """Somebody refunds in the dashboard; returns the refund."""
        return self.make_refund({"payment_intent": intent_id, "amount": str(amount)})

    # --- the API

    def answer(self, method: str, path: str, form: dict) -> dict:
        match method, path.strip("/").split("/")[1:]:
            case "POST", ["checkout", "sessions"]:
                return self.make_session(form)
            case "GET", ["checkout", "sessions", name]:
                return _found(self.sessions, name)
            case "POST", ["checkout", "sessions", name, "expire"]:
                return self.expire(name)
            case "GET", ["payment_intents", name]:
                return _found(self.intents, name)
            case "POST", ["refunds"]:
                return self.make_refund(form)
            case "GET", ["refunds"]:
                found = [each for each in self.refunds.values() if each["payment_intent"] == form["payment_intent"]]
                return {"object": "list", "data": found, "has_more": False, "url": "/v1/refunds"}
        raise Refusal(404, "unknown_path")

    def make_session(self, form: dict) -> dict:
        known = {name for name in form if not ITEM.fullmatch(name)}
        _strict({name: form[name] for name in known}, SESSION_FIELDS, "metadata[", "payment_intent_data[metadata][")
        lasts = int(form["expires_at"]) - time.time()
        if not 1800 <= lasts <= 86400:
            raise Refusal(400, "parameter_invalid_integer")
        number = f"cs_test_{next(self.numbers)}"
        items = [f"line_items[{each}]" for each in range(len(form)) if f"line_items[{each}][quantity]" in form]
        currencies = {form[f"{item}[price_data][currency]"] for item in items}
        if len(currencies) != 1:
            raise Refusal(400, "parameter_invalid")
        prices = (int(form[f"{item}[price_data][unit_amount]"]) * int(form[f"{item}[quantity]"]) for item in items)
        self.sessions[number] = {
            "id": number,
            "object": "checkout.session",
            "url": f"https://checkout.stripe.com/c/pay/{number}#{'x' * 300}",
            "status": "open",
            "payment_status": "unpaid",
            "payment_intent": None,
            "amount_total": sum(prices),
            "currency": currencies.pop(),
            "client_reference_id": form["client_reference_id"],
            "success_url": form["success_url"],
            "expires_at": int(form["expires_at"]),
            "livemode": False,
            "metadata": _inner(form, "metadata["),
            "intent_metadata": _inner(form, "payment_intent_data[metadata]["),
        }
        return self.sessions[number]

    def expire(self, name: str) -> dict:
        session = _found(self.sessions, name)
        if session["status"] != "open":
            raise Refusal(400, "session_not_open")
        session["status"] = "expired"
        return session

    def make_refund(self, form: dict) -> dict:
        _strict(form, REFUND_FIELDS, "metadata[")
        intent, amount = _found(self.intents, form["payment_intent"]), int(form["amount"])
        gone = (each["amount"] for each in self.refunds.values() if each["payment_intent"] == intent["id"])
        left = intent["amount_received"] - sum(gone)
        if amount > left:
            raise Refusal(400, "charge_already_refunded" if not left else "amount_too_large")
        refund = {
            "id": f"re_{next(self.numbers)}",
            "object": "refund",
            "amount": amount,
            "currency": intent["currency"],
            "payment_intent": intent["id"],
            "status": self.next_refund,
            "metadata": _inner(form, "metadata["),
        }
        self.refunds[refund["id"]] = refund
        return refund


def event(event_type: str, content: dict) -> dict:
    """An event about `content` as it is now."""
    return {
        "id": f"evt_{time.time_ns()}_{threading.get_ident()}",
        "object": "event",
        "livemode": False,
        "type": event_type,
        "data": {"object": json.loads(json.dumps(content))},
    }


def _found(table: dict, name: str) -> dict:
    if name not in table:
        raise Refusal(404, "resource_missing")
    return table[name]


def _strict(form: dict, known: set[str], *prefixes: str) -> None:
    for name in form:
        if name not in known and not name.startswith(prefixes):
            raise Refusal(400, "parameter_unknown")


def _inner(form: dict, prefix: str) -> dict:
    return {name.removeprefix(prefix).rstrip("]"): value for name, value in form.items() if name.startswith(prefix)}


def _handler(stripe: StripeServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # noqa: N802
            self._serve(dict(parse_qsl(urlsplit(self.path).query)))

        def do_POST(self) -> None:  # noqa: N802
            self._serve(dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"] or 0)).decode())))

        def _serve(self, form: dict) -> None:
            path = urlsplit(self.path).path
            stripe.requests.append((self.command, path, form))
            fault = stripe.faults.pop(0) if stripe.faults else ""
            if fault.isdigit():
                return self._send(int(fault), {"error": {"type": "api_error", "code": "fault", "message": KEY}})
            with stripe.lock:
                status, answer = self._once(path, form)
            if self.command == "POST" and path == "/v1/refunds":
                stripe.holding.set()
                stripe.release.wait(60)
            if fault == "lost":
                self.close_connection = True
                return self.connection.close()
            self._send(status, answer)

        def _once(self, path: str, form: dict) -> tuple[int, dict]:
            if self.headers["Authorization"] != f"Bearer {KEY}":
                return 401, {"error": {"type": "invalid_request_error", "message": "Invalid API Key: sk_test_***"}}
            key = self.headers["Idempotency-Key"]
            if key in stripe.answers:
                known, status, answer = stripe.answers[key]
                if known != form:
                    return 400, {"error": {"type": "idempotency_error", "message": "Another body."}}
                return status, answer
            try:
                status, answer = 200, json.loads(json.dumps(stripe.answer(self.command, path, form)))
            except Refusal as refusal:
                status, answer = refusal.status, {"error": refusal.error}
            if key and self.command == "POST":
                stripe.answers[key] = (form, status, answer)
            return status, answer

        def _send(self, status: int, answer: dict) -> None:
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words) -> None:
            pass

    return Handler
