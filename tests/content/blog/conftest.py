import pytest

from queues.running import RunningJob
from tests.aiproviders.conftest import fake, fake_servers, openai
from tests.factories import running_job

__all__ = ["fake", "fake_servers", "openai"]


@pytest.fixture
def job(transactional_db) -> RunningJob:
    return running_job("engine.write", {"name": "post"})


@pytest.fixture
def ada(db, django_user_model):
    return django_user_model.objects.create_user("ada")
