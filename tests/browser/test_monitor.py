"""The queue monitor, which the server draws: readable by everybody, and no breach of the content security policy."""

import pytest
from playwright.sync_api import expect

from queues import clock
from queues.hours import HOUR, beginning_of_hour
from queues.models import Queue, QueueHour
from queues.services import enqueue
from tests.browser.test_pages import problems

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_monitor_is_accessible_and_fits_a_small_screen(new_page, site, axe, client, admin_user, dark):
    hour = beginning_of_hour(clock.now()) - HOUR
    times = {"run_p50": 4, "run_p95": 80, "wait_p50": 0.02, "wait_p95": 1, "cost": "0.5"}
    QueueHour.objects.create(queue="blog", hour=hour, started=7, completed=5, failed=2, cancelled=0, **times)
    Queue.objects.get_or_create(name="blog")
    enqueue("engine.write", args={"name": "a"})
    client.force_login(admin_user)
    page = new_page(390, dark=dark)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    page.goto("/admin/queues/queue/")
    for picture in ("5 jobs completed and 2 failed", "Models cost $0.50"):
        assert page.get_by_role("img", name=picture).bounding_box()["width"] <= 390
    page.get_by_text("Show as table").click()
    assert problems(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("row", name="default").get_by_role("link", name="1", exact=True).click()
    expect(page.locator("#result_list").get_by_role("link", name="engine.write")).to_have_count(1)
    page.locator("#result_list").get_by_role("link", name="engine.write").click()
    expect(page.get_by_role("button", name="Cancel this job")).to_be_visible()
    assert problems(page, axe) == []
    page.goto("/admin/queues/queue/blog/change/")
    expect(page.get_by_role("img", name="Wait before the start, hour by hour. Median")).to_be_visible()
    page.get_by_text("Show as table").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_label("Date:").fill("2026-12-24")
    assert problems(page, axe) == []
    page.goto("/admin/")
    assert problems(page, axe) == []
    page.get_by_role("link", name="No worker is alive").click()
    expect(page.get_by_role("heading", name="Workers")).to_be_visible()
