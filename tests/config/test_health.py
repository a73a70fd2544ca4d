import pytest

from queues import clock
from queues.models import Dispatcher
from tests.factories import make_worker

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/healthz", "/healthz/", "/readyz", "/readyz/"])
def test_paths_work_with_and_without_a_slash(client, path):
    assert client.get(path).status_code in (200, 503)


def test_readyz_names_what_is_missing(client):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"] == {"database": True, "broker": True, "worker": False, "dispatcher": False}


def test_readyz_is_ok_once_everything_is_there(client):
    make_worker()
    Dispatcher.objects.update_or_create(pk=1, defaults={"ticked_at": clock.now()})
    assert client.get("/readyz").status_code == 200
