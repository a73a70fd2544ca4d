"""Copies of our own articles are found, whoever ordered them."""

import pytest

from content.articles import services
from content.articles.brief import Other
from content.articles.quality.originality import alike, sketch
from content.articles.quality.parsed import ParsedArticle
from tests.content.articles.builders import GOOD, brief, draft
from tests.content.articles.quality.tables import finding
from tests.content.articles.test_live import make_article, publish

BODY = " ".join(f"word{number}" for number in range(200))
OTHER = " ".join(f"term{number}" for number in range(200))


def of(text: str) -> bytes:
    return sketch(ParsedArticle(f"# Title\n\n{text}"))


def changed(every: int) -> str:
    """The body with one word in `every` replaced."""
    return " ".join("new" + word if at % every == 0 else word for at, word in enumerate(BODY.split()))


def original(text: str, title: str = "Cold brew"):
    return finding("original", f"# T\n\n{text}", others=(Other("", of(OTHER)), Other(title, of(BODY))))


def test_likeness_goes_from_nothing_to_all():
    assert alike(of(BODY), of(BODY)) == 1
    assert alike(of(BODY), of(OTHER)) == 0
    assert (
        1 > alike(of(BODY), of(changed(50))) > alike(of(BODY), of(changed(20))) > alike(of(BODY), of(changed(10))) > 0
    )


@pytest.mark.parametrize(("text", "ok", "severity"), [(BODY, False, "block"), (changed(12), False, "warn")])
def test_a_copy_is_refused_and_a_likeness_shown(text, ok, severity):
    found = original(text)
    assert (found.ok, found.severity) == (ok, severity)
    assert "like “Cold brew”." in found.detail


def test_another_text_is_original_and_so_is_one_beside_nothing():
    assert original(GOOD).ok and finding("original", GOOD).ok


def test_the_title_of_what_readers_do_not_see_is_not_told():
    assert original(BODY, title="").detail == "It is 100% like another text of ours."


def test_an_outline_and_a_short_text_are_no_copies():
    others = (Other("", of(BODY)),)
    assert finding("original", f"# T\n\n{BODY}", others=others, generator="extract").ok is True
    assert of("Just a few words.") == b""
    assert finding("original", "# T\n\nJust a few words.", others=others).ok


@pytest.mark.django_db
def test_what_models_wrote_for_others_is_compared_and_one_query_finds_it(django_assert_num_queries):
    secret, live = make_article("A draft of somebody"), publish(make_article("Live"))
    outline = draft(GOOD, generator="extract", title="An outline")
    article = services.create_article(title="Outlined")
    services.save_version(article, outline, services.check_article(outline, brief()), brief=brief())
    with django_assert_num_queries(1):
        others = services.other_texts(but=[None])
    assert sorted(other.title for other in others) == ["", "Live"]
    assert not finding("original", GOOD, others=others).ok
    assert services.other_texts(but=[secret.pk, live.pk]) == ()


@pytest.mark.django_db
def test_an_erased_text_leaves_no_trace():
    article = make_article()
    services.forget_wishes(article.versions.all())
    assert services.other_texts() == ()
