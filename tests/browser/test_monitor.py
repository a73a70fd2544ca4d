"""The queue monitor, which the server draws: readable by everybody, and no breach of the content security policy."""

import pytest
from playwright.sync_api import Page, expect

from queues import clock
from queues.hours import HOUR, beginning_of_hour
from queues.models import Queue, QueueHour
from queues.services import enqueue
from tests.browser.looks import problems, problems_of_colours, too_wide
from tests.browser.sessions import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def in_light_and_dark(page: Page, axe: str) -> list[str]:
    page.emulate_media(color_scheme="light")
    return problems(page, axe) + problems_of_colours(page, dark=True)


def test_the_monitor_is_accessible_in_light_and_dark_and_fits_a_small_screen(new_page, axe, admin_user):
    hour = beginning_of_hour(clock.now()) - HOUR
    times = {"run_p50": 4, "run_p95": 80, "wait_p50": 0.02, "wait_p95": 1, "cost": "0.5"}
    QueueHour.objects.create(queue="blog", hour=hour, started=7, completed=5, failed=2, cancelled=0, **times)
    Queue.objects.get_or_create(name="blog")
    enqueue("engine.write", args={"name": "a"})
    page = new_page(390)
    log_in(page, admin_user)
    page.goto("/admin/queues/queue/")
    for picture in ("5 jobs completed and 2 failed", "Models cost $0.50"):
        assert page.get_by_role("img", name=picture).bounding_box()["width"] <= 390
    page.get_by_text("Show as table").click()
    assert in_light_and_dark(page, axe) == []
    assert too_wide(page, 390) == []
    page.get_by_role("row", name="default").get_by_role("link", name="1", exact=True).click()
    expect(page.locator("#result_list").get_by_role("link", name="engine.write")).to_have_count(1)
    page.locator("#result_list").get_by_role("link", name="engine.write").click()
    expect(page.get_by_role("button", name="Cancel this job")).to_be_visible()
    assert in_light_and_dark(page, axe) == []
    page.goto("/admin/queues/queue/blog/change/")
    expect(page.get_by_role("img", name="Wait before the start, hour by hour. Median")).to_be_visible()
    page.get_by_text("Show as table").click()
    assert too_wide(page, 390) == []
    page.get_by_label("Date:").fill("2026-12-24")
    assert in_light_and_dark(page, axe) == []
    page.goto("/admin/")
    assert in_light_and_dark(page, axe) == []
    page.get_by_role("link", name="No worker is alive").click()
    expect(page.get_by_role("heading", name="Workers")).to_be_visible()
