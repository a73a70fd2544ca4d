from aiproviders.errors import KINDS
from content.stories import wording
from content.stories.errors import InvalidAnswer


def test_what_cannot_be_helped_by_waiting_has_words_of_its_own():
    lasting = {kind for kind, permanent in KINDS.items() if permanent} - {"not_found", "bad_request"}
    assert lasting | {InvalidAnswer.kind} <= wording.FAULTS.keys()
    assert wording.fault("timeout") == wording.fault("") == wording.OTHERWISE
