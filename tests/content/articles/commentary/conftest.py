import pytest

from aiproviders.shared import client


@pytest.fixture(autouse=True)
def empty_cache():
    client().delete(*client().keys("copydesk:cache*"), "nothing")


@pytest.fixture(autouse=True)
def no_limit(settings):
    """Fifty at once come from one address here."""
    settings.API_LIMITS = dict.fromkeys(settings.API_LIMITS, 0)


@pytest.fixture
def openai(settings, fake):
    """A model that answers well; AI_MODEL "openai/<fault>" makes it fail."""
    settings.AI_MODEL = "openai/ok"
    return fake
