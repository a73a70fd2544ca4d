"""TMDB on the wire: where the key goes, what is asked, and what each failure is called."""

import logging

import pytest
from django.db import connection, transaction

from content.blog.catalogues import CatalogueError, Query, default_catalogue, tmdb_wire
from content.blog.catalogues.tmdb import TMDb
from tests.content.blog.catalogues.server import HTML, OLD_KEY, TOKEN

LIST, ONE = "movie/popular", "movie/7"


def error_of(call=lambda: TMDb().page(Query("popular"))) -> CatalogueError:
    with pytest.raises(CatalogueError) as caught:
        call()
    return caught.value


FAULTS = {
    "refused key": (7, "auth", True),
    "suspended key": (10, "auth", True),
    "page": (22, "bad_request", True),
    "offline": (9, "overloaded", False),
    "maintenance": (46, "overloaded", False),
    "their timeout": (24, "timeout", False),
    "their backend": (43, "server", False),
    "their fault": (11, "server", False),
    "too fast": (25, "rate_limit", False),
    "gone": (34, "not_found", True),
    "429 without words": ((429, b"", {}), "rate_limit", False),
    "429 in HTML": ((429, HTML, {"Retry-After": "3"}), "rate_limit", False),
    "502 in HTML": ((502, HTML), "server", False),
    "503 in HTML": ((503, HTML), "overloaded", False),
    "200 in HTML": ((200, HTML), "malformed", False),
    "404 in HTML": ((404, HTML), "malformed", False),
    "403 in HTML": ((403, HTML), "auth", True),
    "failure in a 200": ((200, {"success": False, "status_code": 7, "status_message": "x"}), "auth", True),
    "unknown failure in a 200": ((200, {"success": False, "status_code": 999}), "server", False),
    "cut JSON": ((200, b'{"page": 1, "results": [{"id"'), "malformed", False),
    "empty body": ((200, b""), "malformed", False),
    "a list": ((200, []), "malformed", False),
    "deep JSON": ((200, b"[" * 100_000), "malformed", False),
    "no results": ((200, {"page": 1, "total_pages": 1}), "malformed", False),
    "results are words": ((200, {"results": "none", "total_pages": 1}), "malformed", False),
    "broken off": ("cut", "connection", False),
    "leads elsewhere": ((302, b"", {"Location": "http://127.0.0.1:9/"}), "bad_request", True),
}


@pytest.mark.parametrize(("fault", "kind", "permanent"), FAULTS.values(), ids=FAULTS)
def test_each_failure_ends_in_its_kind(tmdb_server, fault, kind, permanent):
    tmdb_server.faults[LIST] = fault
    error = error_of()
    assert (error.kind, error.permanent) == (kind, permanent)
    assert TOKEN not in repr(error) and "http://" not in str(error) and "cloudfront" not in str(error)
    del tmdb_server.faults[LIST]
    assert TMDb().page(Query("popular")).titles  # a failure is not kept


def test_a_pause_that_is_asked_for_is_passed_on(tmdb_server):
    tmdb_server.faults[LIST] = 25
    assert error_of().retry_after == 7


def test_an_answer_that_drips_is_cut_off(tmdb_server, monkeypatch):
    monkeypatch.setattr(tmdb_wire, "SECONDS", 0.3)
    tmdb_server.faults[LIST] = "drip"
    assert error_of().kind == "timeout"


def test_nobody_listens(settings):
    settings.TMDB_BASE_URL, settings.TMDB_API_KEY = "http://127.0.0.1:9/3", TOKEN
    assert error_of().kind == "connection"


@pytest.mark.parametrize("key", [TOKEN, OLD_KEY])
def test_the_key_travels_and_stays_out_of_messages_and_logs(tmdb_server, settings, caplog, key):
    settings.TMDB_API_KEY = key
    with caplog.at_level(logging.DEBUG):
        TMDb().page(Query("popular"))
        tmdb_server.faults[ONE] = 7
        error = error_of(lambda: TMDb().details("movie", "7"))
    assert key not in caplog.text and key not in repr(error) and key not in repr(error.__dict__)
    assert error.__cause__ is None and error.__context__ is None
    for _, params, headers in tmdb_server.asked:
        in_header, in_address = key in headers.get("authorization", ""), params.get("api_key") == key
        assert (in_header, in_address) == (key == TOKEN, key == OLD_KEY)


@pytest.mark.parametrize("key", ["", "abc", "with space", "line\nbreak", "é" * 20, "x" * 501])
def test_what_cannot_be_a_key_is_never_sent(tmdb_server, settings, key):
    settings.TMDB_API_KEY = key
    assert error_of().kind == "auth"
    assert tmdb_server.asked == []


def test_without_filters_the_list_itself_is_asked_for(tmdb_server):
    TMDb().page(Query("top_rated", "tv"), 2)
    path, params, _ = tmdb_server.asked[0]
    assert (path, params) == ("tv/top_rated", {"page": "2", "language": "en-US"})


def test_with_filters_discover_is_asked_in_the_order_of_the_list(tmdb_server):
    TMDb().page(Query("top_rated", "movie", 7.5, 1990, 2005, False, ("drama", "Action")))
    path, params, _ = tmdb_server.asked[-1]
    assert path == "discover/movie"
    assert params == {
        "page": "1",
        "language": "en-US",
        "sort_by": "vote_average.desc",
        "vote_count.gte": "200",
        "vote_average.gte": "7.5",
        "primary_release_date.gte": "1990-01-01",
        "primary_release_date.lte": "2005-12-31",
        "include_adult": "false",
        "with_genres": "18,28",
    }


def test_years_of_series_are_those_of_their_first_episode(tmdb_server):
    TMDb().page(Query("popular", "tv", year_from=2000))
    asked = {path: params for path, params, _ in tmdb_server.asked}
    assert asked["discover/tv"]["first_air_date.gte"] == "2000-01-01"


def test_what_discover_cannot_list_is_filtered_here(tmdb_server):
    found = TMDb().page(Query("trending", min_rating=9))
    assert "trending/movie/week" in [path for path, *_ in tmdb_server.asked]
    assert found.titles and all(title.rating >= 9 for title in found.titles)
    assert found.total_pages == 3


def test_adults_only_is_left_out_unless_asked_for(tmdb_server):
    numbers = lambda query: {t.external_id for n in (1, 2, 3) for t in TMDb().page(query, n).titles}  # noqa: E731
    assert "43" not in numbers(Query("popular"))
    assert "43" in numbers(Query("popular", include_adult=True))


def test_what_tmdb_does_not_know_is_not_made_up(tmdb_server):
    found = {t.external_id: t for t in TMDb().page(Query("popular"), 3).titles}
    assert (found["45"].release_date, found["45"].year) == (None, None)
    assert (found["44"].rating, found["44"].votes, found["44"].rated_by) == (None, None, "")


@pytest.mark.parametrize(
    "odd",
    [
        {"id": 7, "title": "A", "credits": None, "genres": None, "runtime": None, "vote_average": None},
        {"id": 7, "title": "A", "credits": {"cast": "none", "crew": [1, None]}, "genres": [{}, {"name": 5}]},
        {"id": 7, "title": "A", "runtime": "90", "vote_average": "8", "vote_count": "many", "release_date": "soon"},
        {"id": 7, "title": "A", "runtime": -1, "vote_average": 11, "vote_count": True, "release_date": 1999},
        {"id": 7, "title": " A\u0000 \u202e", "overview": ["x"], "adult": "no"},
    ],
)
def test_a_record_with_odd_values_loses_only_those(tmdb_server, odd):
    tmdb_server.faults[ONE] = (200, odd)
    title = TMDb().details("movie", "7")
    assert (title.title, title.external_id) == ("A", "7")
    assert (title.runtime, title.rating, title.votes, title.year, title.cast, title.genres) == (
        *(None, None, None, None, (), ()),
    )


@pytest.mark.parametrize(
    "nothing", [{}, {"id": 7}, {"title": "A"}, {"id": "7", "title": "A"}, {"id": True, "title": "A"}]
)
def test_a_record_without_id_or_title_is_none(tmdb_server, nothing):
    tmdb_server.faults[ONE] = (200, nothing)
    assert error_of(lambda: TMDb().details("movie", "7")).kind == "malformed"
    tmdb_server.faults[LIST] = (200, {"results": [nothing, None, 5], "total_pages": 1})
    assert TMDb().page(Query("popular")).titles == ()


def test_a_whole_record_of_each_kind(tmdb_server):
    film, series = TMDb().details("movie", "7"), TMDb().details("tv", "7")
    assert (film.directors, film.writers, film.runtime) == (("Dora Director",), ("Wim Writer",), 101)
    assert (len(film.cast), film.language, film.companies) == (8, "English", ("Studio One",))
    assert (series.directors, series.runtime, series.seasons, series.episodes) == (("Cora Creator",), 45, 3, 30)


def test_the_same_is_asked_once_and_then_kept(tmdb_server):
    for _ in range(3):
        TMDb().page(Query("popular"))
        TMDb().details("movie", "7")
    assert sorted(path for path, *_ in tmdb_server.asked) == ["genre/movie/list", "movie/7", "movie/popular"]


def test_pages_behind_the_last_are_not_asked_for(tmdb_server):
    assert error_of(lambda: TMDb().page(Query("popular"), 501)).kind == "bad_request"
    assert tmdb_server.asked == []


@pytest.mark.django_db
def test_inside_a_transaction_nothing_leaves(tmdb_server):
    with transaction.atomic(), pytest.raises(RuntimeError, match="open transaction"):
        TMDb().page(Query("popular"))
    assert tmdb_server.asked == []


@pytest.mark.django_db(transaction=True)
def test_no_database_connection_is_held_while_tmdb_thinks(tmdb_server):
    connection.ensure_connection()
    TMDb().page(Query("popular"))
    assert connection.connection is None


def test_a_key_chooses_tmdb(settings):
    settings.TMDB_API_KEY = ""
    assert default_catalogue().name == "builtin"
    settings.TMDB_API_KEY = TOKEN
    assert default_catalogue().name == "tmdb"
