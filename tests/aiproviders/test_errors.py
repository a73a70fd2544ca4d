import pickle

import pytest

from aiproviders.errors import KINDS, ProviderError


@pytest.mark.parametrize("kind", KINDS)
def test_it_survives_pickling_with_all_it_knows(kind):
    error = ProviderError(kind, "words", provider="openai", status=429, retry_after=7.5)

    copy = pickle.loads(pickle.dumps(error))

    assert vars(copy) == vars(error)
    assert str(copy) == f"openai: words ({kind})"
    assert copy.permanent is KINDS[kind]


def test_one_that_cannot_pass_may_be_permanent_though_its_kind_is_not():
    error = ProviderError("empty", "words", permanent=True)

    assert error.permanent and pickle.loads(pickle.dumps(error)).permanent
    assert not ProviderError("empty", "words").permanent


def test_a_kind_nobody_knows_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="odd"):
        ProviderError("odd", "words")
