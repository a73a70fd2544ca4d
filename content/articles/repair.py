"""Makes usable sentences out of a model's answer: drops what is not about the theme, repeats itself or breaks off."""

import re
from dataclasses import dataclass, field

from content.articles import leftovers
from content.articles.brief import Brief
from content.articles.markup import plain_paragraphs
from content.texts.addresses import addresses
from content.texts.sentences import is_complete, normalised, split, words

FEWEST_WORDS, MOST_WORDS = 5, 60  # of a sentence
NAME = re.compile(r"(?<=[\w,;:)] )[A-Z][\w’'-]*")
ANNOUNCEMENT = re.compile(r"^here(?:['’]s| is| are) [^.:]{1,80}:\s+(?=\S)", re.IGNORECASE)
DIGIT = re.compile(r"\d")
DEPENDENT = re.compile(
    r"(?:it|this|that|these|those|they|their|he|she|such|so|but|and|or|however|moreover|furthermore|additionally|also"
    r"|instead|therefore|thus|another|overall|then|similarly|plus|including|as such|by (?:doing so|this)"
    r"|in (?:fact|addition|contrast))\b",
    re.IGNORECASE,
)
ALIKE = 0.6  # share of common words above which two sentences say the same
RUN = 5  # words in a row that a weak model may say once
SHORT_PARAGRAPH, LONG_PARAGRAPH = 30, 90  # words


@dataclass
class Repair:
    """Remembers what an article says already, so that nothing is said twice.

    `strict` is for models that invent: sentences with figures, names or findings that are not in the order go, and
    so do those that lean on a sentence which went or repeat a turn of phrase.
    """

    brief: Brief
    strict: bool = False
    _said: list[frozenset[str]] = field(default_factory=list)
    _runs: set[tuple[str, ...]] = field(default_factory=set)

    def usable(self, answer: str) -> list[list[str]]:
        """The sentences of `answer` that may stand in the article, grouped by its paragraphs; remembers them."""
        paragraphs = []
        whole = False  # is the sentence before this one kept?
        for paragraph in plain_paragraphs(answer):
            kept = []
            for sentence in map(_tidy, split(paragraph)):
                whole = self._accept(sentence, follows=whole)
                if whole:
                    kept.append(sentence)
            paragraphs += [kept] if kept else []
        return paragraphs

    def _accept(self, sentence: str, *, follows: bool) -> bool:
        if not self._fits(sentence) or (self.strict and self._is_doubtful(sentence, follows=follows)):
            return False
        said, runs = frozenset(_folded(sentence)), _runs(sentence) - _runs(self.brief.topic)
        if said <= frozenset(_folded(self.brief.topic)) or (self.strict and runs & self._runs):
            return False
        if any(len(said & old) / len(said | old) > ALIKE for old in self._said):
            return False
        self._said.append(said)
        self._runs |= runs
        return True

    def _fits(self, sentence: str) -> bool:
        return (
            FEWEST_WORDS <= len(words(sentence)) <= MOST_WORDS
            and is_complete(sentence)
            and not sentence[0].islower()
            and not leftovers.is_aside(sentence, about=self._ordered())
            and self.brief.addresses.issuperset(addresses(sentence))
        )

    def _is_doubtful(self, sentence: str, *, follows: bool) -> bool:
        if not follows and DEPENDENT.match(sentence):
            return True
        ordered = self._ordered()
        names = [name for name in NAME.findall(sentence) if name.casefold() not in ordered]
        return bool(names or DIGIT.search(sentence) or leftovers.is_doubtful(sentence, about=ordered))

    def _ordered(self) -> str:
        return normalised(f"{self.brief.topic} {self.brief.keyword} {self.brief.niche} {self.brief.anchor}")


def paragraphs_of(groups: list[list[str]], *, most_words: int) -> tuple[str, ...]:
    """Paragraphs of 30 to 90 words from grouped sentences, cut at the sentence that would exceed `most_words`.

    A cut never takes more than 30 % of `most_words` away: then that one sentence may exceed them.
    """
    done: list[list[str]] = []
    current: list[str] = []
    for group in _cut(groups, most_words):
        if _length(current) >= SHORT_PARAGRAPH:
            done, current = [*done, current], []
        for sentence in group:
            if current and _length([*current, sentence]) > LONG_PARAGRAPH:
                done, current = [*done, current], []
            current.append(sentence)
    if current and done and _length(current) < SHORT_PARAGRAPH // 2:
        done[-1] += current
    elif current:
        done.append(current)
    return tuple(" ".join(sentences) for sentences in done)


def _cut(groups: list[list[str]], most_words: int) -> list[list[str]]:
    kept: list[list[str]] = []
    total = 0
    for group in groups:
        kept.append([])
        for sentence in group:
            length = _length([sentence])
            if total + length > most_words and total >= most_words * 0.7:
                return kept
            kept[-1].append(sentence)
            total += length
    return kept


def _length(sentences: list[str]) -> int:
    return sum(len(words(sentence)) for sentence in sentences)


def _folded(text: str) -> list[str]:
    return [word.casefold() for word in words(text)]


def _runs(text: str) -> set[tuple[str, ...]]:
    spoken = _folded(text)
    return {tuple(spoken[start : start + RUN]) for start in range(len(spoken) - RUN + 1)}


def _tidy(sentence: str) -> str:
    """Without an announcement, and without the marks that lists, bold text and half a quotation leave behind."""
    sentence = ANNOUNCEMENT.sub("", sentence)
    sentence = re.sub(r"^(?:[-•*–—>»\s]+|\(?\d{1,2}[.)]\s+)+", "", sentence).strip()
    if sentence.count('"') % 2 or (sentence.startswith('"') and sentence.endswith('"')):
        sentence = sentence.replace('"', "")
    if sentence.count("“") != sentence.count("”"):
        sentence = sentence.replace("“", "").replace("”", "")
    return " ".join(sentence.split())
