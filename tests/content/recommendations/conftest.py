import pytest
from django.test import Client

from config.models import ApiToken
from tests.aiproviders.conftest import fake, fake_servers, openai
from tests.content.recommendations.builders import Model

__all__ = ["fake", "fake_servers", "openai"]


@pytest.fixture
def ada(db, django_user_model):
    return django_user_model.objects.create_user("ada")


@pytest.fixture
def api(ada) -> Client:
    """A client with a token of Ada's."""
    return Client(headers={"Authorization": f"Bearer {ApiToken.objects.issue(user=ada)}"})


@pytest.fixture
def model(openai, settings) -> Model:
    """The default model, which answers as it should unless a test says otherwise."""
    settings.AI_MODEL = "openai/analyst"
    openai.says["analyst"] = made = Model()
    return made
