"""What can be wrong with an answer: on any HTTP server, and in each service's own words."""

import json

PREMIUM = "https://www.alphavantage.co/premium/"
# service -> fault -> (status, body). THE-KEY becomes the key that was sent.
OWN = {
    "finnhub": {
        "all-zeros": (200, {"c": 0, "d": None, "dp": None, "h": 0, "l": 0, "o": 0, "pc": 0, "t": 0}),
        "no-data": (200, {"s": "no_data"}),
        "not-sold": (403, {"error": "You don't have access to this resource."}),
        "not-sold-401": (401, {"error": "You don't have access to this resource."}),
        "bad-key": (401, {"error": "Invalid API key: THE-KEY"}),
        "minute": (429, {"error": "API limit reached. Please try again later. Remaining Limit: 0"}),
        "minute-in-200": (200, {"error": "API limit reached."}),
        "echo": (422, {"error": "Wrong token=THE-KEY for \u0000symbol"}),
    },
    "twelvedata": {
        "unknown": (404, {"code": 404, "message": "**symbol** not found: X. Please specify it", "status": "error"}),
        "unknown-in-200": (200, {"code": 400, "message": "**symbol** not found: X.", "status": "error"}),
        "euros": (200, {"symbol": "X", "currency": "EUR", "meta": {"currency": "EUR"}, "status": "ok"}),
        "not-sold": (200, {"code": 403, "message": "/x is available exclusively with pro plans", "status": "error"}),
        "bad-key": (200, {"code": 401, "message": "**apikey** parameter is incorrect: THE-KEY", "status": "error"}),
        "minute": (
            200,
            {
                "code": 429,
                "message": "You have run out of API credits for the current minute. 12 API credits were used, with the "
                "current limit being 8. Wait for the next minute or consider switching to a higher tier plan",
                "status": "error",
            },
        ),
        "day": (
            429,
            {"code": 429, "message": "You have run out of API credits for the day. 801 were used", "status": "error"},
        ),
        "down": (200, {"code": 500, "message": "internal", "status": "error"}),
        "no-code": (200, {"status": "error"}),
    },
    "alphavantage": {
        "empty-quote": (200, {"Global Quote": {}}),
        "bad-call": (200, {"Error Message": "Invalid API call. Please retry or visit the documentation for it."}),
        "bad-key": (200, {"Error Message": "the parameter apikey is invalid or missing."}),
        "demo-key": (200, {"Information": "The **demo** API key is for demo purposes only."}),
        "not-sold": (200, {"Information": f"Thank you! This is a premium endpoint. See {PREMIUM}"}),
        "minute": (200, {"Note": "Our standard API call frequency is 5 calls per minute and 500 calls per day."}),
        "burst": (
            200,
            {
                "Information": "Please consider spreading out your free API requests more sparingly (1 request per "
                f"second). Subscribe at {PREMIUM} to lift the free key rate limit (25 requests per day)"
            },
        ),
        "day": (
            200,
            {
                "Information": "We have detected your API key as THE-KEY and our standard API rate limit is 25 "
                f"requests per day. Please subscribe to any of the premium plans at {PREMIUM} to instantly remove all"
            },
        ),
        "no-price": (200, {"Global Quote": {"01. symbol": "X", "05. price": "", "07. latest trading day": ""}}),
    },
}


def spoilt(handler, healthy, price) -> None:
    """The healthy answer with every price replaced."""
    text = json.dumps(healthy)
    for name in ('"c"', '"close"', '"05. price"', '"5. adjusted close"'):
        text = _replaced(text, name, price)
    handler.reply(200, text.encode())


def _replaced(text: str, name: str, price: str) -> str:
    pieces = text.split(f"{name}: ")
    return pieces[0] + "".join(f"{name}: {price}{_after_value(piece)}" for piece in pieces[1:])


def _after_value(piece: str) -> str:
    _, end = json.JSONDecoder().raw_decode(piece)
    return piece[end:]


def cut(handler, healthy) -> None:
    data = json.dumps(healthy).encode()
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data[: len(data) // 2])
    handler.close_connection = True


def drip(handler, healthy) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not handler.server.stopping.wait(0.05):
        handler.wfile.write(b"1\r\n \r\n")


def reset(handler, healthy) -> None:
    handler.close_connection = True


FAULTS = {
    "html": lambda h, _: h.reply(200, b"<html>Welcome to the hotel network</html>"),
    "html-502": lambda h, _: h.reply(502, b"<html>Bad gateway</html>"),
    "truncated": lambda h, healthy: h.reply(200, json.dumps(healthy).encode()[:-9]),
    "empty-body": lambda h, _: h.reply(200, b""),
    "empty-object": lambda h, _: h.reply(200, {}),
    "null": lambda h, _: h.reply(200, None),
    "list": lambda h, _: h.reply(200, []),
    "text": lambda h, _: h.reply(200, "closed"),
    "deep": lambda h, _: h.reply(200, b"[" * 100_000),
    "price-nan": lambda h, healthy: spoilt(h, healthy, "NaN"),
    "price-text-nan": lambda h, healthy: spoilt(h, healthy, '"NaN"'),
    "price-negative": lambda h, healthy: spoilt(h, healthy, "-3.5"),
    "price-huge": lambda h, healthy: spoilt(h, healthy, "1e300"),
    "price-null": lambda h, healthy: spoilt(h, healthy, "null"),
    "price-object": lambda h, healthy: spoilt(h, healthy, '{"a": 1}'),
    "status-400": lambda h, _: h.reply(400, {}),
    "status-401": lambda h, _: h.reply(401, {}),
    "status-403": lambda h, _: h.reply(403, {}),
    "status-404": lambda h, _: h.reply(404, {}),
    "status-429": lambda h, _: h.reply(429, {}),
    "status-500": lambda h, _: h.reply(500, {}),
    "wait-7": lambda h, _: h.reply(429, {}, Retry_After="7"),
    "redirect": lambda h, _: h.reply(302, b"", Location="http://127.0.0.1:9/"),
    "cut": cut,
    "reset": reset,
    "drip": drip,
    "silent": lambda h, _: h.server.stopping.wait(60),
}
