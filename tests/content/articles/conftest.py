import pytest

from tests.factories import running_job
from tests.fakeprovider import FakeProvider


@pytest.fixture(scope="session")
def fake_server():
    with FakeProvider() as server:
        yield server


@pytest.fixture
def fake(fake_server, settings) -> FakeProvider:
    """A provider that answers well; `settings.AI_MODEL = "openai/<fault>"` makes it fail."""
    fake_server.forget()
    settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY, settings.AI_MODEL = fake_server.url, "sk-test", "openai/ok"
    return fake_server


@pytest.fixture
def job(transactional_db):
    return running_job("engine.write", {"name": "article"})
