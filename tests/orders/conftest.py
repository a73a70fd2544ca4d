"""A provider on loopback for what orders' jobs ask."""

from tests.content.articles.conftest import fake, fake_server

__all__ = ["fake", "fake_server"]
