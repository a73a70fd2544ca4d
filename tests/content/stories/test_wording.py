import pytest

from aiproviders.errors import KINDS
from content.stories import wording
from content.stories.errors import InvalidAnswer


def test_what_cannot_be_helped_by_waiting_has_words_of_its_own():
    lasting = {kind for kind, permanent in KINDS.items() if permanent} - {"not_found", "bad_request"}
    assert lasting | {InvalidAnswer.kind} <= wording.FAULTS.keys()
    assert wording.fault("timeout") == wording.fault("") == wording.OTHERWISE


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "5-10 seconds"), (20, "10-30 seconds"), (60, "40-90 seconds"), (90, "1-2 minutes"), (600, "7-15 minutes")],
)
def test_an_estimate_is_a_range_in_words(seconds, words):
    assert wording.about(seconds) == words
