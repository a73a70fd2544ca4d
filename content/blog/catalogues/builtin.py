"""Real films that need no key and no network: an extract of Wikidata (data/README.md), up to 2014."""

import datetime
import json
from functools import cache
from pathlib import Path

from content.blog.catalogues.base import CatalogueError, Page, Query, Title

FILE = Path(__file__).with_name("data") / "films.json"
RETRIEVED = datetime.date(2026, 10, 18)
LAST_YEAR = 2014
PER_PAGE = 20
FEWEST_FOR_BEST = 60  # reviews, before a mean of them makes a film one of the best
RATED_BY = "critics' reviews on Rotten Tomatoes, by Wikidata"
TIMELY = ("trending", "now_playing", "upcoming")


class Builtin:
    """The films of data/films.json. popular: with the most reviews; top_rated: of 60 reviews and more, the best."""

    name = "builtin"
    label = "Built-in films (Wikidata, to 2014)"
    attribution = "Film data from Wikidata (CC0), retrieved on 18 October 2026. Films to 2014 only."
    last_year = LAST_YEAR

    def refusal(self, query: Query) -> str:
        what = query.listing.replace("_", " ").capitalize()
        if query.media_type != "movie":
            return f"TV shows are not available in the built-in catalogue, which has films to {LAST_YEAR} only."
        if query.listing in TIMELY:
            return f"{what} is not available in the built-in catalogue, whose data end in {LAST_YEAR}."
        if query.year_from is not None and query.year_from > LAST_YEAR:
            return f"The built-in catalogue has no films after {LAST_YEAR}."
        known = {genre.casefold() for genre in self.genres(query.media_type)}
        if unknown := [genre for genre in query.genres if genre.casefold() not in known]:
            return f"No genre is called {unknown[0]}. Known are: {', '.join(self.genres(query.media_type))}."
        return ""

    def page(self, query: Query, number: int = 1) -> Page:
        if refusal := self.refusal(query):
            raise CatalogueError("unsupported", refusal)
        found = [film for film in _listed(query.listing) if query.admits(film)]
        total = -(-len(found) // PER_PAGE)
        if number < 1 or number > max(total, 1):
            raise CatalogueError("bad_request", f"There is no page {number}; the last is {max(total, 1)}.")
        start = (number - 1) * PER_PAGE
        return Page(tuple(found[start : start + PER_PAGE]), number, total)

    def details(self, media_type: str, external_id: str) -> Title:
        found = next((film for film in _films() if film.external_id == external_id), None)
        if media_type != "movie" or found is None:
            raise CatalogueError("not_found", f"The built-in catalogue has no {media_type} {external_id[:40]}.")
        return found

    def genres(self, media_type: str) -> tuple[str, ...]:
        if media_type != "movie":
            return ()
        return tuple(sorted({genre for film in _films() for genre in film.genres}))


@cache
def _films() -> tuple[Title, ...]:
    return tuple(_title(line) for line in json.loads(FILE.read_text(encoding="utf-8")))


@cache
def _listed(listing: str) -> tuple[Title, ...]:
    """All films in the order of `listing`; discover orders like popular."""
    if listing == "top_rated":
        films = [film for film in _films() if film.votes >= FEWEST_FOR_BEST]
        return tuple(sorted(films, key=lambda film: (-film.rating, -film.votes, film.external_id)))
    return tuple(sorted(_films(), key=lambda film: (-film.votes, -film.rating, film.external_id)))


def _title(line: dict) -> Title:
    released = line.get("released")
    return Title(
        source=Builtin.name,
        media_type="movie",
        external_id=line["id"],
        title=line["title"],
        as_of=RETRIEVED,
        year=line["year"],
        release_date=datetime.date.fromisoformat(released) if released else None,
        rating=line["rating"],
        votes=line["reviews"],
        rated_by=RATED_BY,
        runtime=line["runtime"],
        language=line.get("language", ""),
        **{
            name: tuple(line.get(name, ()))
            for name in ("genres", "directors", "writers", "cast", "countries", "companies")
        },
    )
