"""The text that needs no model: fixed frames around what the catalogue says. What it does not say is left out."""

import re

from content.blog import facts
from content.blog.catalogues import Title
from content.blog.draft import Draft
from content.blog.models.version import LONGEST_DESCRIPTION, LONGEST_SEO_TITLE, LONGEST_TITLE
from content.blog.states import Generator
from content.texts.sentences import shorten

VERSION = "template/1"
MOST_NAMES = 5
STARTS = re.compile(r"^(\d*)([-+.)])")  # of a list


def write(title: Title) -> Draft:
    """The same title always gives the same text."""
    year = f" ({title.year})" if title.year else ""
    return Draft(
        title=f"{shorten(title.title, LONGEST_TITLE - len(year))}{year}",
        seo_title=_seo_title(title.title, year),
        description=_description(title),
        markdown="\n\n".join(_blocks(title)),
        generator=Generator.TEMPLATE,
        model=VERSION,
        prompt_version=VERSION,
    )


def _seo_title(name: str, year: str) -> str:
    for ending in (f"{year}: facts and cast", year):
        if len(name) + len(ending) <= LONGEST_SEO_TITLE:
            return name + ending
    return f"{shorten(name, LONGEST_SEO_TITLE - len(year))}{year}"


def _description(title: Title) -> str:
    """As many of these parts as fit, in this order."""
    text = f"{title.title}: {_kind(title)}" + (f" of {title.year}" if title.year else "")
    parts = [
        f" by {listed(title.directors[:2])}" if title.directors else "",
        f", with {listed(title.cast[:2])}" if title.cast else "",
    ]
    for part in parts:
        text += part if len(text) + len(part) < LONGEST_DESCRIPTION else ""
    return shorten(text, LONGEST_DESCRIPTION - 1) + "."


def _blocks(title: Title) -> list[str]:
    found = ["## At a glance", _paragraph(_opening(title))]
    if people := _paragraph(_people(title)):
        found += ["## Who made it", people]
    if rated := _rated(title):
        found += ["## How it is rated", rated]
    if title.overview:
        found += ["## What it is about", "The catalogue describes it in these words:", f"> {_escaped(title.overview)}"]
    return found


def _opening(title: Title) -> list[str]:
    name, kind = _escaped(title.title), _kind(title)
    lines = [f"{name} is a {kind}" + (f" of the year {title.year}." if title.year else ".")]
    if title.original_title and title.original_title != title.title:
        lines.append(f"Its original title is {_escaped(title.original_title)}.")
    if title.genres:
        label = "genre is" if len(title.genres) == 1 else "genres are"
        lines.append(f"The catalogue’s {label} {listed(title.genres)}.")
    if title.runtime:
        per = "An episode" if title.media_type == "tv" else "It"
        lines.append(f"{per} runs for {title.runtime} minutes.")
    if title.seasons and title.episodes:
        lines.append(f"It has {_count(title.seasons, 'season')} with {_count(title.episodes, 'episode')}.")
    if title.release_date:
        lines.append(f"The first release on record is {facts.spoken_date(title)}.")
    if title.countries:
        label = "Country" if len(title.countries) == 1 else "Countries"
        lines.append(f"{label} of origin: {listed(title.countries)}.")
    if title.language:
        lines.append(f"Language on record: {_escaped(title.language)}.")
    return lines


def _people(title: Title) -> list[str]:
    made = "directed" if title.media_type == "movie" else "created"
    named = [
        (f"It was {made} by", title.directors),
        ("The script is credited to", title.writers),
        ("The cast includes", title.cast),
        ("It was produced by", title.companies),
    ]
    return [f"{frame} {listed(names[:MOST_NAMES])}." for frame, names in named if names]


def _rated(title: Title) -> str:
    if title.rating is None:
        return ""
    by = f" It is the mean of {title.votes} {title.rated_by}." if title.votes and title.rated_by else ""
    return f"The rating on record is {title.rating:.1f} out of 10.{by}"


def listed(names: tuple[str, ...]) -> str:
    """ "A, B and C", safe inside Markdown."""
    safe = [_escaped(name) for name in names]
    return safe[0] if len(safe) == 1 else f"{', '.join(safe[:-1])} and {safe[-1]}"


def _kind(title: Title) -> str:
    return "TV series" if title.media_type == "tv" else "film"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _paragraph(sentences: list[str]) -> str:
    return " ".join(sentences)


def _escaped(text: str) -> str:
    """One line in which Markdown sees no marks."""
    single = " ".join(text.split())
    safe = "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|!~&" else letter for letter in single)
    return STARTS.sub(r"\1\\\2", safe)
