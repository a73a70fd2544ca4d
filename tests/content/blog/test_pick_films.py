"""The command that makes the built-in data file, on a small database of the source's shape."""

import json
import sqlite3

import pytest
from django.core.management import call_command

from content.blog.management.commands import pick_films

COLUMNS = "ID, imdbID, Title, Year, Rating, Runtime, Genre, Released, Director, Writer, Cast, Language, Country"


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "movies.db"
    connection = sqlite3.connect(path)
    quoted = ", ".join(f'"{name}"' for name in COLUMNS.split(", "))
    connection.execute(f"CREATE TABLE omdb ({quoted})")
    connection.execute("CREATE TABLE tomatoes (ID, Rating, Reviews, Production)")
    films = [
        (1, "tt1", "Whole", 1999, "R", 100.4, "Drama, War", "1999-05-06", "D", "W, V", "B, A, C", "English", "France"),
        (2, "tt2", "Year only", 1998, None, 90, "Drama", "1998-01-01", "D", "", "A", "", ""),
        (3, "tt3", "No director", 1998, None, 90, "Drama", "1998-02-01", "", "", "A", "", ""),
        (4, "tt4", "For adults", 1998, "NC-17", 90, "Drama", "1998-02-01", "D", "", "A", "", ""),
        (5, "tt5", "Few reviews", 1998, None, 90, "Drama", "1998-02-01", "D", "", "A", "", ""),
    ]
    connection.executemany(f"INSERT INTO omdb VALUES ({', '.join('?' * 13)})", films)
    ratings = [(1, 8.5, 40, "Studio"), (2, 7.0, 20, None), (3, 9, 50, ""), (4, 9, 50, ""), (5, 9, 19, "")]
    connection.executemany("INSERT INTO tomatoes VALUES (?, ?, ?, ?)", ratings)
    connection.commit()
    return path


def test_whole_films_are_taken_and_nothing_is_made_up(database, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(pick_films, "FILE", tmp_path / "films.json")
    call_command("pick_films", str(database))
    assert "2 films" in capsys.readouterr().out
    year_only, whole = json.loads((tmp_path / "films.json").read_text())
    assert year_only == {
        **{"id": "tt2", "title": "Year only", "year": 1998, "genres": ["Drama"], "rating": 7.0, "reviews": 20},
        **{"runtime": 90, "directors": ["D"], "cast": ["A"]},
    }
    assert (whole["released"], whole["runtime"], whole["writers"]) == ("1999-05-06", 100, ["W", "V"])
    assert whole["cast"] == ["A", "B", "C"]  # A plays in most films
