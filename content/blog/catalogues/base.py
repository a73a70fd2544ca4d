"""What every catalogue of films speaks: what is asked for, what comes back, and how it fails."""

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Protocol

LISTINGS = ("popular", "top_rated", "trending", "now_playing", "upcoming", "discover")
MEDIA_TYPES = ("movie", "tv")


@dataclass(frozen=True)
class Title:
    """One film or series as a catalogue has it. What it does not say is empty or None, and never made up.

    `rating` is from 0 to 10, by `rated_by`, from `votes` of them; `runtime` in minutes; `as_of`: when the catalogue
    said so. A title of a page may know less than the one from `details`.
    """

    source: str
    media_type: str
    external_id: str
    title: str
    as_of: datetime.date
    original_title: str = ""
    year: int | None = None
    release_date: datetime.date | None = None
    genres: tuple[str, ...] = ()
    rating: float | None = None
    votes: int | None = None
    rated_by: str = ""
    runtime: int | None = None
    directors: tuple[str, ...] = ()
    writers: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    overview: str = ""
    language: str = ""
    countries: tuple[str, ...] = ()
    awards: str = ""
    seasons: int | None = None
    episodes: int | None = None
    adult: bool = False

    def as_json(self) -> dict[str, Any]:
        """For a job's step or a column; `from_json` is the way back."""
        return {name: _plain(value) for name, value in asdict(self).items() if value not in (None, "", ())}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Title":
        """The title that `as_json` wrote."""
        values = {field.name: stored[field.name] for field in fields(cls) if field.name in stored}
        for name, value in values.items():
            if isinstance(value, list):
                values[name] = tuple(value)
        for name in {"as_of", "release_date"} & values.keys():
            values[name] = datetime.date.fromisoformat(values[name])
        return cls(**values)

    def __str__(self) -> str:
        return f"{self.title} ({self.year})" if self.year else self.title


@dataclass(frozen=True)
class Query:
    """Which titles: a listing, and filters. `genres` by name, all of which a title must have."""

    listing: str
    media_type: str = "movie"
    min_rating: float | None = None
    year_from: int | None = None
    year_to: int | None = None
    include_adult: bool = False
    genres: tuple[str, ...] = ()

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the listing decides."""
        return bool(self.genres or self.include_adult) or any(
            bound is not None for bound in (self.min_rating, self.year_from, self.year_to)
        )

    def admits(self, title: Title) -> bool:
        """Whether `title` passes the filters; what it does not say does not pass a filter that asks for it."""
        known = {genre.casefold() for genre in title.genres}
        return (
            (self.include_adult or not title.adult)
            and (self.min_rating is None or (title.rating is not None and title.rating >= self.min_rating))
            and (self.year_from is None or (title.year is not None and title.year >= self.year_from))
            and (self.year_to is None or (title.year is not None and title.year <= self.year_to))
            and all(genre.casefold() in known for genre in self.genres)
        )


@dataclass(frozen=True)
class Page:
    """Titles of page `number`, from 1. It may hold none although more pages follow: go on to `total_pages`."""

    titles: tuple[Title, ...]
    number: int
    total_pages: int


# kind -> does trying the same again make no sense?
KINDS = {
    "rate_limit": False,
    "overloaded": False,
    "timeout": False,
    "server": False,
    "connection": False,
    "malformed": False,
    "auth": True,
    "not_found": True,
    "bad_request": True,
    "unsupported": True,  # this catalogue has no such thing, now or later
}


class CatalogueError(Exception):
    """Holds words and numbers only, never a key or an address. A job settles by `permanent` and `retry_after`."""

    counts = True

    def __init__(
        self, kind: str, message: str, *, retry_after: float | None = None, permanent: bool | None = None
    ) -> None:
        super().__init__(kind, message)
        self.kind = kind
        self.message = message
        self.retry_after = retry_after
        self.permanent = KINDS[kind] if permanent is None else permanent

    def __str__(self) -> str:
        return self.message


class Catalogue(Protocol):
    """One source of titles: `content/blog/catalogues/<name>.py`, one line in `__init__.py`.

    `attribution` stands under everything that shows its data. `last_year`: it has no title after that; None: up to now.
    """

    name: str
    label: str
    attribution: str
    last_year: int | None

    def refusal(self, query: Query) -> str:
        """Why this catalogue can never answer `query`, in a sentence for people; empty if it can. Asks nobody."""
        ...

    def page(self, query: Query, number: int = 1) -> Page:
        """Page `number` of what `query` asks for; raises CatalogueError."""
        ...

    def details(self, media_type: str, external_id: str) -> Title:
        """All that is known about one title; raises CatalogueError."""
        ...

    def genres(self, media_type: str) -> tuple[str, ...]:
        """The names that `Query.genres` may hold; raises CatalogueError."""
        ...


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
