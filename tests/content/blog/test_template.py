"""The text that needs no model: what the record does not say is left out, and nothing in it can become markup."""

import datetime
from dataclasses import fields, replace

import pytest

from content.blog import template
from content.blog.catalogues import Title
from content.blog.quality.check import checked, faults_of
from content.texts.rendering import html_of, parse
from tests.content.blog.builders import skyfall

SERIES = Title(
    source="tmdb",
    media_type="tv",
    external_id="9",
    title="The Watch",
    as_of=datetime.date(2026, 11, 1),
    year=2001,
    genres=("Drama",),
    directors=("Cora Creator",),
    cast=("Ann Actor",),
    seasons=1,
    episodes=12,
    runtime=45,
    countries=("Denmark",),
    overview="Two guards wait for a king, who comes in winter.",
)


def test_the_same_title_gives_the_same_text():
    assert template.write(skyfall()) == template.write(skyfall())


def test_a_series_is_told_as_one():
    draft = checked(template.write(SERIES), SERIES)
    assert faults_of(draft) == []
    for words in ("is a TV series of the year 2001", "1 season with 12 episodes", "created by Cora Creator"):
        assert words in draft.markdown
    assert "An episode runs for 45 minutes." in draft.markdown
    assert "> Two guards wait for a king, who comes in winter." in draft.markdown


FRAMES = {
    "year": "of the year",
    "original_title": "original title is",
    "genres": "genres are",
    "runtime": "runs for",
    "release_date": "first release",
    "countries": "of origin",
    "language": "Language on record",
    "directors": "directed by",
    "writers": "script is credited",
    "cast": "cast includes",
    "companies": "produced by",
    "rating": "How it is rated",
    "votes": "the mean of",
    "overview": "What it is about",
}


@pytest.mark.parametrize(("name", "frame"), FRAMES.items())
def test_what_is_not_known_is_not_mentioned(name, frame):
    whole = replace(skyfall(), overview="A plot.", original_title="Himmelfall")
    default = next(field.default for field in fields(Title) if field.name == name)
    bare = replace(whole, **{name: default})
    assert frame in template.write(whole).markdown
    draft = checked(template.write(bare), bare)
    assert frame not in draft.markdown and "None" not in draft.markdown
    assert faults_of(draft) == []


NAMES = [
    "*Em* _pha_ `sis`",
    "[a](http://x.example)",
    "<b>bold</b>",
    "# one\n## two",
    "1. A | B ~c~",
    "- a",
    "+1",
    "\\*x",
]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_becomes_markup(name):
    html = html_of(parse(template.write(replace(skyfall(), title=name, directors=(name,), overview=name)).markdown))
    for tag in ("<em", "<code", "<a ", "<b>", "<h1", "<ol", "<ul", "<s>"):
        assert tag not in html
    shown = " ".join(name.split()).replace("<", "&lt;").replace(">", "&gt;")
    assert f"<p>{shown} is a film" in html


@pytest.mark.parametrize("length", [1, 40, 59, 60, 61, 200, 400])
def test_the_lines_for_search_engines_always_fit(length):
    draft = template.write(replace(skyfall(), title="Ab " * (length // 3) + "x" * (length % 3)))
    assert len(draft.title) <= 150 and len(draft.seo_title) <= 60 and len(draft.description) <= 155
    assert draft.seo_title.endswith((")", "cast")) and draft.description.endswith(".")
