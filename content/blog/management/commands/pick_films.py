"""Makes the built-in catalogue's data file anew from `movies.db` of the package bokeh_sampledata."""

import json
import sqlite3
from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand

from content.blog.catalogues.builtin import FILE

MOST_REVIEWED, BEST_RATED, OF_EACH_GENRE, OF_EACH_DECADE = 300, 160, 14, 20
FEWEST_REVIEWS, FEWEST_FOR_BEST = 20, 60
MOST_CAST, MOST_WRITERS = 12, 4
# Only films of which all this is known, with enough reviews for their mean to say something. NC-17 is what comes
# nearest to "adult", which the data do not know otherwise.
CANDIDATES = """
SELECT imdbID, Title, Year, Released, Genre, tomatoes.Rating AS score, Reviews, Runtime, Director, Writer, "Cast",
       Language, Country, Production
FROM omdb JOIN tomatoes USING (ID)
WHERE Title != '' AND Director != '' AND "Cast" != '' AND Genre != '' AND Runtime IS NOT NULL AND Released != ''
  AND tomatoes.Rating IS NOT NULL AND Reviews >= ? AND coalesce(omdb.Rating, '') != 'NC-17'
ORDER BY Reviews DESC, imdbID"""


class Command(BaseCommand):
    help = "Pick the films of the built-in catalogue: pick_films path/to/movies.db"

    def add_arguments(self, parser):
        parser.add_argument("database", type=Path)

    def handle(self, *, database: Path, **_):
        connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        films = chosen(connection.execute(CANDIDATES, [FEWEST_REVIEWS]).fetchall())
        casts = connection.execute('SELECT "Cast" FROM omdb').fetchall()
        known = Counter(name for (cast,) in casts for name in (cast or "").split(", "))
        lines = ",\n".join(json.dumps(_line(film, known), ensure_ascii=False, separators=(",", ":")) for film in films)
        FILE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
        self.stdout.write(f"{len(films)} films, {FILE.stat().st_size} bytes: {FILE}")


def chosen(films: list[sqlite3.Row]) -> list[sqlite3.Row]:
    """What most critics wrote about, what they liked best, and the best of each genre and decade; by year."""
    best = sorted((film for film in films if film["Reviews"] >= FEWEST_FOR_BEST), key=_by_score)
    groups = [films[:MOST_REVIEWED], best[:BEST_RATED]]
    by_group: dict[object, list[sqlite3.Row]] = {}
    for film in sorted(films, key=_by_score):
        for group in (*film["Genre"].split(", "), film["Year"] // 10):
            by_group.setdefault(group, []).append(film)
    for group, members in by_group.items():
        groups.append(members[: OF_EACH_DECADE if isinstance(group, int) else OF_EACH_GENRE])
    found = {film["imdbID"]: film for group in groups for film in group}
    return sorted(found.values(), key=lambda film: (film["Year"], film["imdbID"]))


def _by_score(film: sqlite3.Row) -> tuple:
    return -film["score"], -film["Reviews"], film["imdbID"]


def _line(film: sqlite3.Row, known: Counter) -> dict:
    """One film. The source names its cast by the alphabet: kept are those who play in most of the source's films.

    A first of January is Wikidata's way to know the year only.
    """
    cast = sorted(_some(film["Cast"], None), key=lambda name: (-known[name], name))
    line = {
        "id": film["imdbID"],
        "title": film["Title"],
        "year": film["Year"],
        "released": "" if film["Released"].endswith("-01-01") else film["Released"],
        "genres": film["Genre"].split(", "),
        "rating": film["score"],
        "reviews": film["Reviews"],
        "runtime": round(film["Runtime"]),
        "directors": film["Director"].split(", "),
        "writers": _some(film["Writer"], MOST_WRITERS),
        "cast": cast[:MOST_CAST],
        "language": film["Language"],
        "countries": _some(film["Country"], MOST_CAST),
        "companies": _some(film["Production"], MOST_WRITERS),
    }
    return {name: value for name, value in line.items() if value}


def _some(names: str | None, most: int | None) -> list[str]:
    return [name for name in (names or "").split(", ") if name][:most]
