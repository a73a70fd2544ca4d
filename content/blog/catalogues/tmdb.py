"""The Movie Database, version 3 of its API: developer.themoviedb.org."""

import hashlib
import json
from typing import Any

from django.conf import settings

from content import cache
from content.blog.catalogues.base import CatalogueError, Page, Query, Title
from content.blog.catalogues.tmdb_reading import title_of
from content.blog.catalogues.tmdb_wire import ask

LAST_PAGE = 500  # TMDB refuses what lies behind (code 22)
FEWEST_VOTES = 200  # of what is called top rated, as TMDB's own list has it
PATHS = {
    ("popular", "movie"): "movie/popular",
    ("popular", "tv"): "tv/popular",
    ("top_rated", "movie"): "movie/top_rated",
    ("top_rated", "tv"): "tv/top_rated",
    ("trending", "movie"): "trending/movie/week",
    ("trending", "tv"): "trending/tv/week",
    ("now_playing", "movie"): "movie/now_playing",
    ("now_playing", "tv"): "tv/on_the_air",
    ("upcoming", "movie"): "movie/upcoming",
    ("discover", "movie"): "discover/movie",
    ("discover", "tv"): "discover/tv",
}
# Lists that take filters only when they are asked for as "discover" with this order.
SORTED_BY = {"popular": "popularity.desc", "top_rated": "vote_average.desc", "discover": "popularity.desc"}


class TMDb:
    """Films and series. Filters go to TMDB where it can filter; other lists are filtered here, page by page."""

    name = "tmdb"
    label = "TMDB"
    attribution = (
        "This product uses TMDB and the TMDB APIs but is not endorsed, certified, or otherwise approved by TMDB."
    )
    last_year = None

    def refusal(self, query: Query) -> str:
        if (query.listing, query.media_type) in PATHS:
            return ""
        return f"TMDB has no list of {query.listing.replace('_', ' ')} TV shows."

    def page(self, query: Query, number: int = 1) -> Page:
        if refusal := self.refusal(query):
            raise CatalogueError("unsupported", refusal)
        if not 1 <= number <= LAST_PAGE:
            raise CatalogueError("bad_request", f"There is no page {number}; the last is {LAST_PAGE}.")
        path, params = self._request(query, number)
        found = _cached("listing", path, params, lambda: self._load_page(path, params, query.media_type))
        titles = (Title.from_json(line) for line in found["titles"])
        return Page(tuple(title for title in titles if query.admits(title)), number, found["total_pages"])

    def details(self, media_type: str, external_id: str) -> Title:
        if media_type not in ("movie", "tv") or not (external_id.isascii() and external_id.isdigit()):
            raise CatalogueError("not_found", f"TMDB has no {media_type[:10]} {external_id[:40]}.")
        path, params = f"{media_type}/{external_id[:12]}", {"append_to_response": "credits", "language": "en-US"}
        return Title.from_json(_cached("title", path, params, lambda: self._load_title(path, params, media_type)))

    def genres(self, media_type: str) -> tuple[str, ...]:
        return tuple(self._genres(media_type).values())

    def _request(self, query: Query, number: int) -> tuple[str, dict[str, Any]]:
        params: dict[str, Any] = {"page": number, "language": "en-US"}
        if query.listing not in SORTED_BY or not (query.is_filtered or query.listing == "discover"):
            return PATHS[query.listing, query.media_type], params
        params |= {"sort_by": SORTED_BY[query.listing], "include_adult": str(query.include_adult).lower()}
        if query.listing == "top_rated":
            params["vote_count.gte"] = FEWEST_VOTES
        if query.min_rating is not None:
            params["vote_average.gte"] = query.min_rating
        day = "first_air_date" if query.media_type == "tv" else "primary_release_date"
        if query.year_from is not None:
            params[f"{day}.gte"] = f"{query.year_from:04d}-01-01"
        if query.year_to is not None:
            params[f"{day}.lte"] = f"{query.year_to:04d}-12-31"
        if query.genres:
            params["with_genres"] = ",".join(map(str, self._genre_ids(query)))
        return f"discover/{query.media_type}", params

    def _genre_ids(self, query: Query) -> list[int]:
        known = {name.casefold(): number for number, name in self._genres(query.media_type).items()}
        if unknown := [name for name in query.genres if name.casefold() not in known]:
            listed = ", ".join(self._genres(query.media_type).values())
            raise CatalogueError("unsupported", f"No genre is called {unknown[0][:40]}. Known are: {listed}.")
        return [known[name.casefold()] for name in query.genres]

    def _genres(self, media_type: str) -> dict[int, str]:
        path, params = f"genre/{media_type}/list", {"language": "en-US"}
        found = _cached("title", path, params, lambda: _genre_lines(ask(path, params)))
        return dict(found)

    def _load_page(self, path: str, params: dict[str, Any], media_type: str) -> dict[str, Any]:
        answer = ask(path, params)
        results, total = answer.get("results"), answer.get("total_pages")
        if not isinstance(results, list) or not isinstance(total, int) or total < 0:
            raise CatalogueError("malformed", "TMDB's list has not the documented form.")
        genres = self._genres(media_type)
        titles = [title_of(item, media_type, genres) for item in results if isinstance(item, dict)]
        return {"titles": [title.as_json() for title in titles if title], "total_pages": min(total, LAST_PAGE)}

    def _load_title(self, path: str, params: dict[str, Any], media_type: str) -> dict[str, Any]:
        found = title_of(ask(path, params), media_type, {})
        if found is None:
            raise CatalogueError("malformed", "TMDB's record has no id or no title.")
        return found.as_json()


def _genre_lines(answer: dict[str, Any]) -> list[list[Any]]:
    genres = answer.get("genres")
    if not isinstance(genres, list):
        raise CatalogueError("malformed", "TMDB's list of genres has not the documented form.")
    lines = [(one.get("id"), one.get("name")) for one in genres if isinstance(one, dict)]
    return [[number, name] for number, name in lines if isinstance(number, int) and isinstance(name, str) and name]


def _cached(kind: str, path: str, params: dict[str, Any], load) -> Any:
    """Kept by all that decides the answer, the server's address included; never by the key."""
    asked = json.dumps([settings.TMDB_BASE_URL, path, params], sort_keys=True)
    return cache.get_or_set(f"tmdb:{hashlib.sha256(asked.encode()).hexdigest()[:32]}", load, kind=kind).value
