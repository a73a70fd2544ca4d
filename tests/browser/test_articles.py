"""The page of an article in a real browser: it fills itself, votes count, looks are counted once."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from content.articles.commentary.storing import locked, store
from content.articles.models import Article, Commentary, Vote
from queues.models import Job
from tests.browser.looks import too_wide
from tests.browser.states import article
from tests.browser.waiting import wait_while_browsing
from tests.content.articles.reader import CONTENT, make_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def views() -> int:
    return Commentary.objects.get().views


def test_the_page_fits_and_has_its_text_and_commentary(new_page):
    page = new_page(1280)
    page.goto(article("ai"))
    assert too_wide(page, 1280) == []
    page.set_viewport_size({"width": 390, "height": 900})
    assert too_wide(page, 390) == []
    expect(page.get_by_role("article")).to_contain_text("compost heap network")
    expect(page.get_by_text("Written by AI (gpt-x)")).to_be_visible()
    Article.objects.update(title="مقال عن المكتبات", content="المكتبة تفتح في التاسعة.")
    page.reload()
    for part in (page.get_by_role("heading", level=1), page.locator(".words")):
        assert part.evaluate("(part) => getComputedStyle(part).direction") == "rtl"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("body").evaluate("(body) => getComputedStyle(body).color") == "rgb(28, 32, 36)"
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.locator("main button:visible").count() == page.locator("header:visible").count() == 0


def test_a_reader_asks_and_sees_the_commentary_arrive(new_page):
    made = make_article()
    page = new_page(390, clock=True)
    page.goto(f"/articles/{made.pk}")
    page.get_by_role("button", name="Ask AI for a commentary").click()
    expect(page.locator(".news")).to_contain_text("number 1 in line")
    with transaction.atomic():
        store(locked(made.pk), source="ai", text=CONTENT, model="gpt-x")
    Job.objects.update(state="completed")
    with page.expect_response("**/live"):
        page.clock.run_for(2000)
    expect(page.get_by_text("Written by AI (gpt-x)")).to_be_visible()
    expect(page.locator("[data-live-line]")).to_have_class("live done")
    wait_while_browsing(page, lambda: views() == 1)


def test_a_vote_counts_and_is_shown(new_page):
    page = new_page(390)
    page.goto(article("ai"))
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_text("You said yes.")).to_be_visible()
    expect(page.get_by_role("button", name="Yes")).to_have_attribute("aria-pressed", "true")
    assert Vote.objects.get().helpful is True


def test_a_look_is_counted_once_a_visit(new_page):
    page = new_page(1280)
    page.goto(article("fallback"))
    wait_while_browsing(page, lambda: views() == 1)
    page.reload()
    page.wait_for_load_state("networkidle")
    assert views() == 1


def test_without_scripts_the_forms_work(new_page):
    made = make_article()
    page = new_page(390, javascript=False)
    page.goto(f"/articles/{made.pk}")
    page.get_by_role("button", name="Ask AI for a commentary").click()
    expect(page.locator(".news")).to_contain_text("A commentary is asked for")
    assert Article.objects.get().commentary is None and Job.objects.count() == 1
