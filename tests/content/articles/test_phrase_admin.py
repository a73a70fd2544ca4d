"""The list of unwanted words, as staff keep it."""

import pytest

from content.articles.models import UnwantedPhrase
from content.articles.services import unwanted_phrases

pytestmark = pytest.mark.django_db
ADD = "/admin/articles/unwantedphrase/add/"


def test_staff_add_words_once_whatever_the_case(admin_client):
    assert unwanted_phrases() == ()
    admin_client.post(ADD, {"words": "Game-changer"})
    assert unwanted_phrases() == ("Game-changer",)
    assert "It is on the list already." in admin_client.post(ADD, {"words": "game-CHANGER"}).content.decode()
    assert UnwantedPhrase.objects.count() == 1
