from content.stories import lexicon


def test_every_form_belongs_to_one_word_of_one_topic():
    """A form that two lines make is counted for the first: an oversight of whoever wrote the second."""
    entries = {entry for found in lexicon.TABLE.values() for _, entry in found}
    by_word = {entry.word: entry for entry in entries}
    assert len(by_word) == len(entries) > 200
    assert {entry.weight for entry in entries} == {1, 2, 3}
    assert {entry.topic for entry in entries} == {"hype", "ethics"}


def test_longer_phrases_are_tried_first():
    for found in lexicon.TABLE.values():
        lengths = [len(form) for form, _ in found]
        assert lengths == sorted(lengths, reverse=True)


def test_negations_carry_no_apostrophe_as_the_scorer_drops_them():
    assert all(word.isalpha() for word in lexicon.NEGATIONS | lexicon.STRENGTHENED)
