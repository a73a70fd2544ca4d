import pytest

from content.articles.angles import CLOSING, MIDDLE, OPENING
from content.articles.plan import make_plan, title_from
from content.texts.sentences import uses
from tests.content.articles.builders import brief


@pytest.mark.parametrize(
    ("ordered", "sections"), [(100, 3), (249, 3), (250, 4), (400, 4), (800, 5), (900, 6), (5000, 6)]
)
def test_the_number_of_sections_follows_the_ordered_words(ordered, sections):
    assert len(make_plan(brief(words=ordered)).sections) == sections


def test_the_same_brief_always_gives_the_same_plan():
    assert make_plan(brief()) == make_plan(brief())


def test_different_topics_get_different_headings():
    plans = [make_plan(brief(topic=f"Topic number {n}", words=400)) for n in range(12)]
    assert len({tuple(section.heading for section in plan.sections) for plan in plans}) > 6


@pytest.mark.parametrize("ordered", [150, 400, 700, 1500])
def test_the_budgets_add_up_to_what_was_ordered_less_headings_and_link(ordered):
    plan = make_plan(brief(words=ordered))
    assert ordered * 0.7 <= sum(section.words for section in plan.sections) <= ordered


@pytest.mark.parametrize("ordered", [100, 400, 700, 1500])
def test_one_section_inside_carries_the_link(ordered):
    carriers = [section.carries_link for section in make_plan(brief(words=ordered)).sections]
    assert carriers.count(True) == 1
    assert not carriers[0] and not carriers[-1]


@pytest.mark.parametrize("ordered", [100, 400, 1500])
def test_no_heading_comes_twice_and_the_keyword_is_in_one_or_two(ordered):
    headings = [section.heading for section in make_plan(brief(words=ordered)).sections]
    assert len(set(headings)) == len(headings)
    assert 1 <= sum(uses("cold brew", heading) for heading in headings) <= 2


def test_instructions_hold_no_word_of_the_customer():
    secret = "zyxwv"
    plan = make_plan(brief(topic=f"{secret} topic", keyword=secret, niche=secret, words=1500))
    assert not any(secret in section.instruction for section in plan.sections)


def test_at_most_one_middle_heading_names_the_keyword():
    assert sum("{keyword}" in angle.heading for angle in MIDDLE) == 1
    assert all("{keyword}" in angle.heading for angle in OPENING)
    assert not any("{keyword}" in angle.heading for angle in CLOSING)


def test_without_a_keyword_the_topic_stands_in_the_heading():
    assert "ow cold brew coffee is made" in make_plan(brief(keyword="")).sections[0].heading


@pytest.mark.parametrize(
    ("topic", "title"),
    [
        ("how bees live.", "How bees live"),
        ("  Bees \n and   trees ", "Bees and trees"),
        ("iPhone repair at home", "iPhone repair at home"),
        ("Why does it rain?", "Why does it rain?"),
        ("Bees https://evil.example/x and www.evil.example trees", "Bees and trees"),
        ("https://evil.example", "Untitled"),
        ("émile zola", "Émile zola"),
    ],
)
def test_the_title_is_made_from_the_topic(topic, title):
    assert title_from(topic) == title


def test_a_long_topic_is_cut_at_a_word():
    title = title_from("word " * 60)
    assert len(title) <= 90
    assert title.endswith("word")


def test_a_long_topic_without_a_space_is_cut_anyway():
    assert len(title_from("x" * 200)) == 90
