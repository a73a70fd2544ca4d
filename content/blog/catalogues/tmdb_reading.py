"""TMDB's JSON as titles. What is missing, empty or of another type than documented is left out, never guessed."""

import datetime
import math
from collections.abc import Mapping
from typing import Any

from content.blog.catalogues.base import Title
from content.texts.characters import clean

SOURCE, RATED_BY = "tmdb", "votes of TMDB's users"
MOST_CAST, MOST_NAMES = 8, 6
LONGEST_TEXT, LONGEST_NAME = 3000, 200
SCRIPT = ("Screenplay", "Writer", "Story", "Teleplay")


def title_of(item: Mapping[str, Any], media_type: str, genres: Mapping[int, str]) -> Title | None:
    """One line of a list, or a whole record; None without an id or a name."""
    tv = media_type == "tv"
    number, name = item.get("id"), _text(item.get("name" if tv else "title"))
    if not isinstance(number, int) or isinstance(number, bool) or number < 1 or not name:
        return None
    released = _date(item.get("first_air_date" if tv else "release_date"))
    votes = _count(item.get("vote_count"))
    rating = _number(item.get("vote_average"))
    return Title(
        source=SOURCE,
        media_type=media_type,
        external_id=str(number),
        title=name,
        as_of=datetime.datetime.now(datetime.UTC).date(),
        original_title=_text(item.get("original_name" if tv else "original_title")),
        year=released.year if released else None,
        release_date=released,
        genres=_names(item.get("genres")) or _genres(item.get("genre_ids"), genres),
        rating=rating if votes and rating is not None and 0 < rating <= 10 else None,  # 0: nobody has voted
        votes=votes,
        rated_by=RATED_BY if votes else "",
        overview=_text(item.get("overview"), LONGEST_TEXT),
        adult=item.get("adult") is True,
        **_more(item, tv=tv),
    )


def _more(item: Mapping[str, Any], *, tv: bool) -> dict[str, Any]:
    """What only a whole record has."""
    credited = _object(item.get("credits"))
    crew = [_object(person) for person in _list(credited.get("crew"))]
    directors = _list(item.get("created_by")) if tv else [one for one in crew if one.get("job") == "Director"]
    minutes = next(iter(_list(item.get("episode_run_time"))), None) if tv else item.get("runtime")
    return {
        "runtime": _count(minutes),
        "directors": _names(directors)[:MOST_NAMES],
        "writers": _names([one for one in crew if one.get("job") in SCRIPT])[:MOST_NAMES],
        "cast": _names(credited.get("cast"))[:MOST_CAST],
        "companies": _names(item.get("production_companies"))[:MOST_NAMES],
        "countries": _names(item.get("production_countries"))[:MOST_NAMES],
        "language": _language(item),
        "seasons": _count(item.get("number_of_seasons")) if tv else None,
        "episodes": _count(item.get("number_of_episodes")) if tv else None,
    }


def _language(item: Mapping[str, Any]) -> str:
    """The English name of the original language, if the record spells it out."""
    for spoken in map(_object, _list(item.get("spoken_languages"))):
        if spoken.get("iso_639_1") == item.get("original_language"):
            return _text(spoken.get("english_name"))
    return ""


def _names(people: Any) -> tuple[str, ...]:
    """Each once, in their order."""
    return tuple(dict.fromkeys(name for one in map(_object, _list(people)) if (name := _text(one.get("name")))))


def _genres(ids: Any, genres: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(genres[number] for number in _list(ids) if isinstance(number, int) and number in genres)


def _date(value: Any) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:  # "" for what has no date yet
        return None


def _number(value: Any) -> float | None:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if usable else None


def _count(value: Any) -> int | None:
    usable = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1_000_000_000
    return value if usable else None


def _text(value: Any, longest: int = LONGEST_NAME) -> str:
    """One line that a database column can hold."""
    if not isinstance(value, str):
        return ""
    return clean(" ".join(value.split()))[:longest].strip()


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
