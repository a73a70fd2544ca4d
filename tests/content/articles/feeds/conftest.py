import pytest

from tests.content.articles.feeds.server import Site


@pytest.fixture
def private_site():
    """On loopback, which is nobody's public internet."""
    site = Site()
    yield site
    site.stop()


@pytest.fixture
def site(private_site, settings):
    settings.FEED_NETWORKS = ["127.0.0.0/8"]
    return private_site
