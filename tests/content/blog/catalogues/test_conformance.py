"""What every catalogue promises. A new one is picked up from CATALOGUES."""

import itertools
import json
import pickle

import pytest

from content.blog.catalogues import CatalogueError, Query, Title
from content.blog.catalogues.base import KINDS, LISTINGS, MEDIA_TYPES

FILTERS = {
    "none": {},
    "rating": {"min_rating": 8.0},
    "years": {"year_from": 1990, "year_to": 2005},
    "genre": {"genres": ("drama",)},
    "two genres": {"genres": ("Drama", "Action")},
    "all": {"min_rating": 6.5, "year_from": 1975, "year_to": 2012, "genres": ("Drama",)},
}
ALL = [Query(listing, media_type) for listing in LISTINGS for media_type in MEDIA_TYPES]


def titles_of(source, query: Query, pages: int = 3) -> list[Title]:
    first = source.page(query)
    more = (source.page(query, number) for number in range(2, min(pages, first.total_pages) + 1))
    return [title for page in itertools.chain([first], more) for title in page.titles]


def refused(call) -> CatalogueError:
    with pytest.raises(CatalogueError) as caught:
        call()
    return caught.value


@pytest.mark.parametrize("query", ALL, ids=lambda query: f"{query.listing}-{query.media_type}")
def test_a_listing_gives_titles_or_is_refused_in_a_sentence_before_it_is_asked_for(source, query):
    if refusal := source.refusal(query):
        error = refused(lambda: source.page(query))
        assert (error.kind, error.permanent, str(error)) == ("unsupported", True, refusal)
        assert refusal.endswith(".") and len(refusal) > 30
        return
    found = titles_of(source, query)
    assert found
    assert all(title.source == source.name and title.media_type == query.media_type for title in found)
    assert all(title.title and title.external_id and title.as_of for title in found)
    assert len({title.external_id for title in found}) == len(found)


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("query", ALL, ids=lambda query: f"{query.listing}-{query.media_type}")
def test_what_comes_passes_the_filters(source, query, name):
    wanted = Query(query.listing, query.media_type, **FILTERS[name])
    if source.refusal(wanted):
        return
    found = titles_of(source, wanted)
    assert found
    assert all(wanted.admits(title) and not title.adult for title in found)


def test_the_best_come_first(source):
    ratings = [title.rating for title in source.page(Query("top_rated")).titles]
    assert len(ratings) > 10 and ratings == sorted(ratings, reverse=True)


def test_pages_hold_different_titles_and_end(source):
    first, second = source.page(Query("popular")), source.page(Query("popular"), 2)
    assert (first.number, second.number) == (1, 2)
    assert not {title.external_id for title in first.titles} & {title.external_id for title in second.titles}
    assert first.total_pages == second.total_pages >= 2


@pytest.mark.parametrize("number", [0, -1, 501, 10**9])
def test_a_page_that_cannot_be_is_refused(source, number):
    error = refused(lambda: source.page(Query("popular"), number))
    assert (error.kind, error.permanent) == ("bad_request", True)
    assert str(number) in str(error)


def test_a_filter_that_nothing_passes_gives_an_empty_page(source):
    page = source.page(Query("discover", year_from=1900, year_to=1901))
    assert page.titles == ()


def test_details_know_at_least_what_the_page_knew(source):
    for listed in source.page(Query("popular")).titles[:5]:
        whole = source.details("movie", listed.external_id)
        assert (whole.source, whole.external_id, whole.title, whole.year) == (
            *(source.name, listed.external_id, listed.title, listed.year),
        )
        assert whole.directors and whole.cast and whole.genres and whole.runtime
        assert set(listed.genres) <= set(whole.genres)


@pytest.mark.parametrize("external_id", ["99999999", "tt9999999", "", "1/../2", "1?x=1", "é", "1" * 500])
def test_an_id_of_nothing_is_not_found(source, external_id):
    error = refused(lambda: source.details("movie", external_id))
    assert (error.kind, error.permanent) == ("not_found", True)
    assert len(str(error)) < 200


def test_every_genre_that_is_offered_can_be_asked_for(source):
    offered = source.genres("movie")
    assert len(offered) >= 4
    for genre in offered:
        assert source.page(Query("discover", genres=(genre.upper(),))).titles


def test_an_unknown_genre_is_refused_with_the_known_ones(source):
    error = refused(lambda: source.page(Query("discover", genres=("Cabbage",))))
    assert (error.kind, error.permanent) == ("unsupported", True)
    assert "Cabbage" in str(error) and "Drama" in str(error)


def test_a_title_survives_its_way_through_json(source):
    listed = source.page(Query("popular")).titles
    for title in (*listed, source.details("movie", listed[0].external_id)):
        assert Title.from_json(json.loads(json.dumps(title.as_json()))) == title


def test_whose_data_it_is_can_be_shown(source):
    assert source.label and source.attribution.endswith(".")
    assert source.last_year is None or all(
        title.year <= source.last_year for title in titles_of(source, Query("popular"))
    )


@pytest.mark.parametrize("kind", KINDS)
def test_errors_are_words_and_numbers_and_travel(kind):
    error = pickle.loads(pickle.dumps(CatalogueError(kind, "It failed.", retry_after=3)))  # noqa: S301
    assert (error.kind, str(error), error.retry_after, error.permanent) == (kind, "It failed.", 3, KINDS[kind])
    assert error.counts
