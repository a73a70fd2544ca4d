"""An honest text passes over many titles; one invented year, number or name in it, and it is refused."""

import random
from dataclasses import replace

import pytest

from content.blog import template
from content.blog.catalogues import Title
from content.blog.draft import Draft
from content.blog.quality.check import checked, faults_of
from content.blog.quality.vocabulary import Vocabulary
from tests.content.blog.builders import films, skyfall

FILMS = films(60)
PEOPLE = ["Greta Oldenburg", "Bruno Vasquez-Ferrara", "Ågot Nærøy", "Xin Whitlock", "Tiberius Q. Marsh", "鈴木一郎"]
LIES = [
    "It was followed by another film in {year}.",
    "It won {number} awards in all.",
    "The film was seen by {number} people on its first day.",
    "Its music is by {person}.",
    "{person} turned the main part down.",
    "In the end {person} agreed.",
    "It was compared with “{person}” at once.",
    "It cost {spoken} million to make.",
    "Its budget was {number} dollars.",
    "It ran for {spoken} weeks.",
]


def with_sentence(draft: Draft, sentence: str) -> Draft:
    return replace(draft, markdown=f"{draft.markdown}\n\n{sentence}")


def lie_about(title: Title, pattern: str, dice: random.Random) -> str:
    """The pattern with a year, number and name that the record certainly does not have."""
    known = Vocabulary(title)
    year = next(y for y in dice.sample(range(1900, 2030), 20) if y not in known.numbers)
    number = next(n for n in dice.sample(range(17, 99999), 20) if n not in known.numbers)
    spoken = next(w for w in ("seventeen", "forty", "ninety") if w not in known.words)
    return pattern.format(year=year, number=number, spoken=spoken, person=dice.choice(PEOPLE))


@pytest.mark.parametrize("film", FILMS, ids=str)
def test_a_text_of_what_the_record_says_passes(film):
    assert faults_of(checked(template.write(film), film)) == []


@pytest.mark.parametrize("film", FILMS, ids=str)
def test_one_invented_year_number_or_name_is_found_and_named(film):
    dice, honest = random.Random(film.external_id), template.write(film)  # noqa: S311
    for pattern in LIES:
        lie = lie_about(film, pattern, dice)
        draft = checked(with_sentence(honest, lie), film)
        assert not draft.passed, lie
        broken = {rule["name"] for rule in draft.quality["rules"] if not rule["ok"]}
        assert broken & {"numbers", "names"}, lie


@pytest.mark.parametrize("film", FILMS, ids=str)
def test_the_text_about_another_film_is_refused(film):
    others = [other for other in FILMS if not set(other.directors) & set(film.directors) and other.title != film.title]
    other = random.Random(film.external_id).choice(others)  # noqa: S311
    assert not checked(template.write(other), film).passed


def faults(sentence: str, title: Title | None = None) -> set[str]:
    """The rules that the sentence breaks, put into an honest text about Skyfall."""
    title = title or skyfall()
    draft = checked(with_sentence(template.write(title), sentence), title)
    return {rule["name"] for rule in draft.quality["rules"] if not rule["ok"]}


HONEST = [
    "Mendes made it with Craig and Bardem.",
    "The film takes 2 hours and 23 minutes.",
    "A British film of the 2010s, made in the 21st century.",
    "It was written by Neal Purvis, Robert Wade and John Logan.",
    "The record names three writers and one director.",
    "Sam Mendes’s film came out on 23 October 2012.",
    "On October 23, 2012 it came out.",
    "Critics say 8.2/10, or 8.2 out of ten.",
    "It is a 143-minute film.",
    "Judi Dench’s part is one of many.",
    "Critics gave it 8.2 of 10, and 388 of them were counted.",
    "On Rotten Tomatoes, it is among the well reviewed ones.",
    "Skyfall, Sam Mendes and Daniel Craig: these names belong together here.",
    "It is, as the record has it, a U.K. and U.S. production.",
]


@pytest.mark.parametrize("sentence", HONEST)
def test_what_follows_from_the_record_may_be_said(sentence):
    assert faults(sentence) == set()


INVENTED = {
    "Sam Craig is in it.": "names",  # of two names
    "Spielberg was asked first.": "names",  # at the start, where everything has a capital
    "It was shot in Istanbul and Shanghai.": "names",
    "James Bond returns.": "names",  # true, but the record does not say so
    "It won two Oscars.": "names",
    "It was loved in HOLLYWOOD.": "names",
    "It is the twenty-fourth of its kind.": "numbers",
    "It is the third one.": "numbers",
    "It made 1,108,561,013 dollars.": "numbers",
    "It opened on 26 October 2012.": "numbers",
    "It came back in the 1990s.": "numbers",
    "It takes 2 hours and 24 minutes.": "numbers",
    "It has ٤٥ scenes.": "numbers",  # noqa: RUF001
    "It has ⁴⁵ scenes.": "numbers",
    "It got 8.3 of 10.": "numbers",
    "It won 143 prizes.": "numbers",  # which is its length in minutes
    "It won 388 prizes.": "numbers",
    "It was seen 10 times.": "numbers",
    "It is one of 10 such films.": "numbers",
    "It was often seen, by ten people.": "numbers",
    "It is 8.3/10.": "numbers",
    "It is ½ of it.": "numbers",
    "It is part Ⅷ.": "names",  # noqa: RUF001
    "It was made by Ѕpielberg.": "names",  # noqa: RUF001
    "It has 23 scenes.": "numbers",  # which is the day of its release
    "It was released on October 24.": "numbers",
    "The record names four writers.": "numbers",
    "It was directed by Daniel Craig.": "roles",
    "It was written by Sam Mendes.": "roles",
    "It stars Sam Mendes.": "roles",
    "It was directed by Sam Mendes and Judi Dench.": "roles",
}


@pytest.mark.parametrize(("sentence", "rule"), INVENTED.items())
def test_what_does_not_follow_from_the_record_is_refused_by_its_rule(sentence, rule):
    assert rule in faults(sentence)


@pytest.mark.parametrize("field", ["title", "seo_title", "description"])
def test_the_lines_for_search_engines_are_checked_as_well(field):
    film = skyfall()
    honest = template.write(film)
    lying = checked(replace(honest, **{field: f"{getattr(honest, field)[:30]} by Ridley Scott in 1979"}), film)
    assert {rule["name"] for rule in lying.quality["rules"] if not rule["ok"]} >= {"names", "numbers"}


def test_what_stands_in_the_overview_may_be_said():
    film = replace(skyfall(), overview="Bond chases Raoul Silva through seven cities until 1 May.")
    assert faults("Raoul Silva is chased by Bond through seven cities.", film) == set()
    assert faults("Silva Bond is chased through eight cities.", film) == {"names", "numbers"}


def test_a_record_that_says_little_allows_little():
    bare = Title("tmdb", "movie", "1", "Nosferatu", skyfall().as_of)
    draft = checked(template.write(bare), bare)
    assert {rule["name"] for rule in draft.quality["rules"] if not rule["ok"]} == {"length"}
