"""What the admin's pages have in common."""

import pytest

from queues.services import enqueue

pytestmark = pytest.mark.django_db


def test_lists_are_called_by_what_they_list_and_times_have_a_zone(admin_client):
    job = enqueue("engine.write", args={"name": "a"})
    page = admin_client.get("/admin/queues/job/").content.decode()
    assert "<title>Jobs – Copydesk desk</title>" in page and "<h1>Jobs</h1>" in page
    assert f"{job.created_at:%-d %b %Y %H:%M:%S} UTC" in page
    assert 'href="/admin/queues/queue/">Queues</a> /' in page
