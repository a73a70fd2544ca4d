"""The names and numbers that a post about a title may hold: those of its record, and those of the fixed frame."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from content.blog.catalogues import Title
from content.blog.quality.tokens import phrase

WORDS = re.compile(r"[^\W_]+")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
FRAME = ("TV", "TMDB", "Wikidata", "Rotten Tomatoes")
# What people of a country, their films and its short names are called.
DEMONYMS = {
    "United States": "American US USA U.S. U.S.A.",
    "United States of America": "American US USA U.S. U.S.A.",
    "United Kingdom": "British UK U.K.",
    "France": "French",
    "Germany": "German",
    "West Germany": "German",
    "Italy": "Italian",
    "Spain": "Spanish",
    "Japan": "Japanese",
    "South Korea": "Korean",
    "China": "Chinese",
    "People's Republic of China": "Chinese",
    "India": "Indian",
    "Canada": "Canadian",
    "Australia": "Australian",
    "Sweden": "Swedish",
    "Denmark": "Danish",
    "Norway": "Norwegian",
    "Ireland": "Irish",
    "Russia": "Russian",
    "Soviet Union": "Soviet",
    "Poland": "Polish",
    "Mexico": "Mexican",
    "Brazil": "Brazilian",
    "New Zealand": "Zealand",
}


@dataclass(frozen=True)
class Vocabulary:
    title: Title

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Every text of the record, whole; what stands in one of them may be said."""
        title = self.title
        people = (*title.directors, *title.writers, *title.cast)
        others = (*title.companies, *title.countries, *title.genres, *title.language.split(","))
        single = (title.title, title.original_title, title.overview, title.awards, title.rated_by)
        return tuple(text for text in (*single, *people, *others) if text.strip())

    @cached_property
    def phrases(self) -> tuple[tuple[str, ...], ...]:
        """Names as folded words."""
        demonyms = [word for country in self.title.countries for word in DEMONYMS.get(country, "").split()]
        month = [f"{self.title.release_date:%B}"] if self.title.release_date else []
        return tuple(filter(None, map(phrase, (*self.texts, *FRAME, *demonyms, *month))))

    @cached_property
    def words(self) -> frozenset[str]:
        """Each word of all names."""
        return frozenset(word for words in self.phrases for word in words)

    def has_name(self, run: tuple[str, ...]) -> bool:
        """Whether these capitalised words, which stand together, are one name of the record, or a row of whole ones.

        One word may be a part of a name ("Mendes"). More must stand together in the record as well, so that "Sam
        Craig" is not made of Sam Mendes and Daniel Craig.
        """
        if len(run) <= 1:
            return not run or run[0] in self.words
        reached = {0}
        for start in range(len(run)):
            if start in reached:
                reached |= {end for end in range(start + 1, len(run) + 1) if self._is_piece(run[start:end])}
        return len(run) in reached

    def _is_piece(self, run: tuple[str, ...]) -> bool:
        if len(run) == 1:
            return run in self.phrases
        return any(run == words[at : at + len(run)] for words in self.phrases for at in range(len(words)))

    @cached_property
    def numbers(self) -> dict[Decimal, tuple[str, ...]]:
        """Those of the record, each with the words of which one must stand near it; none: it may stand anywhere."""
        title = self.title
        found: dict[Decimal, tuple[str, ...]] = {}
        for number, near in (
            (title.runtime, ("minute", "min", "run")),
            (title.votes, ("review", "vote", "critic", "rating", "opinion")),
            (title.seasons, ("season",)),
            (title.episodes, ("episode",)),
        ):
            if number is not None:
                found[Decimal(number)] = found.get(Decimal(number), ()) + near
        if title.rating is not None:
            found |= dict.fromkeys((Decimal(str(title.rating)), Decimal(f"{title.rating:.1f}")), ())
        years = (title.year, title.release_date and title.release_date.year)
        found |= dict.fromkeys((Decimal(year) for year in years if year), ())
        return found | dict.fromkeys((number for text in self.texts for number in numbers_in(text)), ())

    def has_number(self, number: Decimal, around: str) -> bool:
        """Whether the record has `number` as that which the words `around` it say it is."""
        near = self.numbers.get(number)
        return near is not None and (
            not near or any(word.startswith(near) for word in WORDS.findall(around.casefold()))
        )

    @property
    def counts(self) -> dict[str, int]:
        """How many of something the record names, by the noun's beginning: "three writers"."""
        title = self.title
        nouns = {
            "director": title.directors,
            "writer": title.writers,
            "genre": title.genres,
            "countr": title.countries,
            "compan": title.companies,
            "actor": title.cast,
        }
        return {noun: len(names) for noun, names in nouns.items()}


@lru_cache(maxsize=32)
def vocabulary_of(title: Title) -> Vocabulary:
    """Kept, because several rules ask for the same one."""
    return Vocabulary(title)


def numbers_in(text: str) -> list[Decimal]:
    """The numbers written in digits; "1,500" is one number, and so is "8,5", which is the same as "8.5"."""
    return [value_of(found.group()) for found in NUMBER.finditer(unicodedata.normalize("NFKC", text))]


def value_of(digits: str) -> Decimal:
    """The number that `NUMBER` has found."""
    plain = digits.replace(",", "") if THOUSANDS.fullmatch(digits) else digits.replace(",", ".")
    parts = plain.split(".")
    if len(parts) > 2:  # a date or a version, and no number
        plain = "".join(parts)
    return Decimal(plain)
