"""The built-in films: what they are, and what they say they are not."""

import json
from pathlib import Path

import pytest

from content.blog.catalogues import Query
from content.blog.catalogues.builtin import FILE, Builtin

LINES = json.loads(FILE.read_text(encoding="utf-8"))


def test_the_file_is_small_and_names_its_source_and_licence():
    assert FILE.stat().st_size <= 300_000
    about = Path(FILE).with_name("README.md").read_text()
    assert "CC0 1.0" in about and "bokeh_sampledata" in about and f"{len(LINES)} films" in about


def test_films_are_real_and_whole():
    ids = {line["id"] for line in LINES}
    assert len(ids) == len(LINES) > 500
    assert all(1940 <= line["year"] <= 2014 and 0 < line["rating"] <= 10 and line["reviews"] >= 20 for line in LINES)
    assert all(line.get("released", "x").endswith("-01-01") is False for line in LINES)
    kane = Builtin().details("movie", "tt0033467")
    assert (kane.title, kane.year, kane.directors, kane.runtime) == ("Citizen Kane", 1941, ("Orson Welles",), 119)
    assert kane.release_date is None  # the source knows the year only


def test_a_run_finds_enough_in_every_genre():
    for genre in Builtin().genres("movie"):
        assert Builtin().page(Query("discover", genres=(genre,))).total_pages >= 1
    assert Builtin().page(Query("popular")).total_pages >= 25


@pytest.mark.parametrize("listing", ["trending", "now_playing", "upcoming"])
def test_what_it_cannot_know_it_refuses_plainly(listing):
    refusal = Builtin().refusal(Query(listing))
    assert refusal.endswith("is not available in the built-in catalogue, whose data end in 2014.")


def test_series_and_later_years_are_refused_plainly():
    assert "TV shows are not available in the built-in catalogue" in Builtin().refusal(Query("popular", "tv"))
    assert Builtin().refusal(Query("popular", year_from=2015)) == "The built-in catalogue has no films after 2014."


def test_it_says_when_its_data_are_from():
    assert str(Builtin().details("movie", "tt0033467").as_of) == "2026-10-18"
    assert "18 October 2026" in Builtin.attribution
