import pytest

from queues.models import Worker
from tests.factories import make_worker

pytestmark = pytest.mark.django_db


def test_a_workers_memory_is_told_in_megabytes(admin_client):
    make_worker()
    Worker.objects.update(rss=187_400_000, queues=["mail", "blog"])
    worker = Worker.objects.get()
    for address in ("", f"{worker.pk}/change/"):
        page = admin_client.get(f"/admin/queues/worker/{address}").content.decode()
        assert "Memory, MB" in page and ">187<" in page and "187400000" not in page
    assert ">mail, blog<" in page
