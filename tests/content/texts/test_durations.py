import pytest

from content.texts.durations import in_words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "5-10 seconds"),
        (20, "10-30 seconds"),
        (60, "40-90 seconds"),
        (61, "1-2 minutes"),
        (200, "2-5 minutes"),
        (3600, "42-90 minutes"),
        (7200, "1-3 hours"),
        (500_000, "97-208 hours"),
        (None, "unknown"),
    ],
)
def test_an_estimate_is_told_as_a_range_around_it(seconds, words):
    assert in_words(seconds) == words
