import pytest

from content.stories.inflections import forms


@pytest.mark.parametrize(
    ("phrase", "kind", "found"),
    [
        ("disrupt", "v", "disrupt disrupts disrupted disrupting"),
        ("revolutionize", "v", "revolutionize revolutionizes revolutionized revolutionizing"),
        ("ban", "v", "ban bans banned banning"),
        ("crush", "v", "crush crushes crushed crushing"),
        ("defy", "v", "defy defies defied defying"),
        ("sue", "v", "sue sues sued suing"),
        ("casualty", "n", "casualty casualties"),
        ("virus", "n", "virus viruses"),
        ("historic", "a", "historic historically"),
        ("incredible", "a", "incredible incredibly"),
        ("risky", "a", "risky riskily"),
        ("massive", "a", "massive massively"),
        ("forever", "x", "forever"),
    ],
)
def test_a_word_has_its_regular_forms(phrase, kind, found):
    assert forms(phrase, kind) == {(form,) for form in found.split()}


def test_of_a_phrase_a_noun_changes_its_end_and_a_verb_its_beginning():
    assert forms("data breach", "n") == {("data", "breach"), ("data", "breaches")}
    assert ("changed", "the", "world") in forms("change the world", "v")
