import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEPT = "[localStorage.length, sessionStorage.length, document.cookie]"
KEEP = "localStorage.draft = sessionStorage.draft = 'x'; document.cookie = 'kept=1; path=/'"


@pytest.mark.parametrize("visit", ["the first", "another"])
def test_a_visit_finds_nothing_of_the_one_before(new_page, visit):
    one, other = new_page(), new_page()
    for page in (one, other):
        page.goto("/order")
        assert page.evaluate(KEPT) == [0, 0, ""]
        assert page.context.cookies() == []
        page.evaluate(KEEP)
        assert page.evaluate(KEPT) == [1, 1, "kept=1"]
