"""The language of a text and how hard it is, by the catalogues of Django and by sentences of known measure."""

import gettext
from pathlib import Path

import django
import pytest

from tests.content.articles.builders import GOOD
from tests.content.articles.quality.tables import finding

GERMAN = (
    "Kalter Kaffee wird mit kaltem Wasser gemacht und steht eine ganze Nacht im Glas, damit sich der Geschmack langsam "
    "löst. Am Morgen gießt man ihn durch ein Sieb und trinkt ihn mit Milch oder mit Eis, so wie man es am liebsten mag."
)
CATALOGUES = Path(django.__file__).parent / "contrib" / "admin" / "locale"
LANGUAGES = ["de", "fr", "es", "it", "nl", "pt", "sv", "da", "nb", "pl", "fi", "tr", "cs", "hu", "ro", "af", "ru", "ja"]


def catalogue(language: str) -> str:
    """Sentences of Django's admin in a language."""
    with (CATALOGUES / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        said = gettext.GNUTranslations(file)._catalog
    return " ".join(text for of, text in said.items() if of and isinstance(text, str) and "%" not in text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_in_other_languages_are_refused(language):
    text = " ".join(catalogue(language).split("_"))
    assert not finding("english", f"# T\n\n{text}.").ok


def test_english_is_not():
    assert finding("english", GOOD).ok
    assert finding("english", f"# T\n\n{catalogue('en_GB')}").ok


def test_one_foreign_paragraph_is_enough_and_is_quoted():
    found = finding("english", f"{GOOD}\n\n{GERMAN}\n")
    assert (found.ok, found.severity) == (False, "block")
    assert "“Kalter Kaffee wird mit kaltem Wasser gemacht und …”" in found.detail


@pytest.mark.parametrize("text", ["", "Zu kurz.", "Crème brûlée, café crème, pain au chocolat et croissants."])
def test_a_few_words_tell_nothing(text):
    assert finding("english", f"# T\n\n{text}").ok
    assert finding("readability", f"# T\n\n{text}").ok


@pytest.mark.parametrize(
    ("sentence", "times", "lix", "ok"),
    [
        ("The cat sat on the mat and saw us.", 5, 9, False),  # 9 words, none long
        ("The children carefully water every flower in the garden before breakfast today.", 5, 37, True),  # 12, 3 long
        (
            "Notwithstanding considerable infrastructural constraints, municipalities implemented policies.",
            8,
            107,
            False,
        ),
    ],
)
def test_sentences_and_long_words_make_the_measure(sentence, times, lix, ok):
    found = finding("readability", f"# T\n\n{' '.join([sentence] * times)}")
    assert (found.ok, found.severity) == (ok, "warn")
    assert found.detail.startswith(f"LIX {lix};")
