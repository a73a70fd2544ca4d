from collections.abc import Iterator

import pytest

from content import cache
from content.blog.catalogues import CATALOGUES, Catalogue, catalogue
from tests.content.blog.catalogues.server import TOKEN, TMDbServer


@pytest.fixture(scope="session")
def tmdb_on_loopback() -> Iterator[TMDbServer]:
    server = TMDbServer()
    yield server
    server.stop()


@pytest.fixture
def tmdb_server(settings, tmdb_on_loopback) -> TMDbServer:
    """TMDB on loopback, with the settings pointed at it and nothing of it in the cache."""
    tmdb_on_loopback.forget()
    settings.TMDB_BASE_URL, settings.TMDB_API_KEY = tmdb_on_loopback.url, TOKEN
    cache.delete("tmdb:*")
    return tmdb_on_loopback


@pytest.fixture(params=sorted(CATALOGUES))
def source(request) -> Catalogue:
    """Each catalogue in turn, TMDB on loopback."""
    if request.param == "tmdb":
        request.getfixturevalue("tmdb_server")
    return catalogue(request.param)
