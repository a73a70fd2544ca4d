"""TMDB on loopback: the documented shapes of version 3 of its API, and every documented way to fail."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJjYW5hcnkifQ.c4n4ry-T0ken"
OLD_KEY = "0123456789abcdef0123456789abcdef"
GENRES = {28: "Action", 35: "Comedy", 18: "Drama", 878: "Science Fiction"}
MESSAGES = {
    7: (401, "Invalid API key: You must be granted a valid key."),
    10: (401, "Suspended API key: Access to your account has been suspended, contact TMDB."),
    22: (400, "Invalid page: Pages start at 1 and max at 500. They are expected to be an integer."),
    25: (429, "Your request count (41) is over the allowed limit of 40."),
    34: (404, "The resource you requested could not be found."),
    9: (503, "Service offline: This service is temporarily offline, try again later."),
    46: (503, "The API is undergoing maintenance. Try again later."),
    24: (504, "Your request to the backend server timed out. Try again."),
    43: (502, "Couldn't connect to the backend server."),
    11: (500, "Internal error: Something went wrong, contact TMDB."),
}
HTML = b"<!doctype html><html><body><h1>502 Bad Gateway</h1>cloudfront</body></html>"


def movie(number: int) -> dict:
    """A line of a list. Number 45 has no date yet, 44 no votes, 43 is for adults."""
    return {
        "adult": number == 43,
        "backdrop_path": None,
        "genre_ids": [list(GENRES)[number % 4], 18],
        "id": number,
        "original_language": "en",
        "original_title": f"Film {number}",
        "overview": f"The plot of film {number}.",
        "popularity": 100.0 - number,
        "poster_path": "/x.jpg",
        "release_date": "" if number == 45 else f"{1970 + number}-03-{number % 28 + 1:02d}",
        "title": f"Film {number}",
        "video": False,
        "vote_average": 0 if number == 44 else 5 + number % 5,
        "vote_count": 0 if number == 44 else 100 * number,
    }


def show(number: int) -> dict:
    line = movie(number)
    renamed = {"title": "name", "original_title": "original_name", "release_date": "first_air_date"}
    return {renamed.get(name, name): value for name, value in line.items() if name != "video"} | {
        "origin_country": ["US"]
    }


def record(number: int, tv: bool) -> dict:
    """What details with credits are."""
    line = (show if tv else movie)(number)
    line["genres"] = [{"id": one, "name": GENRES[one]} for one in dict.fromkeys(line.pop("genre_ids"))]
    crew = [{"job": "Director", "name": "Dora Director"}, {"job": "Screenplay", "name": "Wim Writer"}]
    line |= {
        "credits": {"cast": [{"name": f"Actor {letter}"} for letter in "ABCDEFGHIJ"], "crew": [*crew, {"job": "Grip"}]},
        "production_companies": [{"id": 1, "name": "Studio One"}],
        "production_countries": [{"iso_3166_1": "US", "name": "United States of America"}],
        "spoken_languages": [{"english_name": "English", "iso_639_1": "en", "name": "English"}],
    }
    if tv:
        made = {"created_by": [{"name": "Cora Creator"}], "episode_run_time": [45], "number_of_seasons": 3}
        return line | made | {"number_of_episodes": 30}
    return line | {"runtime": 101, "budget": 0, "imdb_id": f"tt{number:07d}"}


class TMDbServer(ThreadingHTTPServer):
    """`asked` holds (path, parameters, headers); `faults[path]` is a code of TMDB, or (status, body, headers)."""

    daemon_threads, block_on_close = True, False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.faults: dict[str, object] = {}
        self.stopping = threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/3"

    def forget(self) -> None:
        """As new."""
        self.asked.clear()
        self.faults.clear()

    def stop(self) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, *_) -> None:
        pass


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: TMDbServer

    def log_message(self, *_) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path, params = parts.path.removeprefix("/3/"), {key: value[0] for key, value in parse_qs(parts.query).items()}
        self.server.asked.append((path, params, {name.lower(): value for name, value in self.headers.items()}))
        fault = self.server.faults.get(path)
        authorised = self.headers.get("Authorization") == f"Bearer {TOKEN}" or params.get("api_key") == OLD_KEY
        if fault == "drip":
            return self.drip()
        if fault == "cut":
            return self.cut()
        if isinstance(fault, tuple):
            return self.answer(*fault)
        if fault or not authorised:
            return self.fail(fault or 7)
        return self.found(path, params)

    def found(self, path: str, params: dict[str, str]) -> None:
        page, kind = int(params.get("page", 1)), path.split("/")
        if not 1 <= page <= 500:
            return self.fail(22)
        if kind[0] == "genre":
            return self.answer(200, {"genres": [{"id": number, "name": name} for number, name in GENRES.items()]})
        if kind[-1].isdigit():
            known = 1 <= int(kind[-1]) <= 45
            return self.answer(200, record(int(kind[-1]), kind[0] == "tv")) if known else self.fail(34)
        tv = "tv" in kind
        lines = [(show if tv else movie)(number) for number in range(1, 46)]
        lines = [line for line in lines if kind[0] != "discover" or matches(line, params)]
        if "top_rated" in kind or params.get("sort_by") == "vote_average.desc":
            lines.sort(key=lambda line: (-line["vote_average"], -line["vote_count"]))
        shown = lines[20 * (page - 1) : 20 * page]
        totals = {"total_pages": -(-len(lines) // 20), "total_results": len(lines)}
        return self.answer(200, {"page": page, "results": shown, **totals})

    def fail(self, code: int) -> None:
        status, message = MESSAGES[code]
        headers = {"Retry-After": "7"} if status == 429 else {}
        self.answer(status, {"status_code": code, "status_message": message, "success": False}, headers)

    def answer(self, status: int, content, headers: dict | None = None) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def drip(self) -> None:
        """A byte now and then, which no limit per read ever notices."""
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        while not self.server.stopping.wait(0.02):
            try:
                self.wfile.write(b" ")
            except OSError:
                return

    def cut(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5000")
        self.end_headers()
        self.wfile.write(b'{"results": [')
        self.close_connection = True


def matches(line: dict, params: dict[str, str]) -> bool:
    """The documented filters of discover."""
    day = line.get("release_date", line.get("first_air_date"))
    bounds = {name: params.get(f"{name}_date.{way}") for name in ("primary_release", "first_air") for way in ("gte",)}
    least = bounds["primary_release"] or bounds["first_air"]
    most = params.get("primary_release_date.lte") or params.get("first_air_date.lte")
    return (
        line["vote_average"] >= float(params.get("vote_average.gte", 0))
        and line["vote_count"] >= int(params.get("vote_count.gte", 0))
        and (not least or day >= least)
        and (not most or ("" < day <= most))
        and (params.get("include_adult") == "true" or not line["adult"])
        and all(int(number) in line["genre_ids"] for number in params.get("with_genres", "").split(",") if number)
    )
