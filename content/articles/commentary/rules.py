"""What an answer must be like before readers see it. Checked by code, because a prompt promises nothing."""

import re

from aiproviders import extraction
from content.articles.markup import plain_paragraphs
from content.texts.sentences import normalised, split, words

FEWEST_WORDS, MOST_WORDS = 25, 260
COMMON_TERMS = 3
ADDRESS = re.compile(
    r"https?:|www\.|\b[\w.+-]+@[\w-]+\.\w|\b[a-z0-9-]+\.(?:com|net|org|io|example|ru|xyz|info)\b", re.IGNORECASE
)
MARKS = re.compile(r"source-[0-9a-f]{8}|</?source|ignore (?:\w+ ){0,3}instruct", re.IGNORECASE)
ABOUT_ITSELF = ("as an ai", "language model", "i cannot ", "i can't ", "i'm sorry", "system prompt", "my instructions")


class Unusable(Exception):
    """The model's answer breaks a rule. Another try may do better."""

    kind = "unusable_text"


def checked(answer: str, source: str) -> str:
    """`answer` as plain paragraphs; raises Unusable, naming every rule that it breaks."""
    paragraphs = plain_paragraphs(answer)
    text = "\n\n".join(paragraphs)
    if found := problems(text, source):
        raise Unusable(f"The answer was not usable: {'; '.join(found)}.")
    return text


def problems(text: str, source: str) -> list[str]:
    """What is wrong with `text` as a commentary on `source`, in words for staff."""
    count = len(words(text))
    said = normalised(text)
    known = normalised(source)
    found = []
    if not FEWEST_WORDS <= count <= MOST_WORDS:
        found.append(f"{count} words instead of {FEWEST_WORDS} to {MOST_WORDS}")
    if ADDRESS.search(text):
        found.append("it has an address in it")
    if MARKS.search(text):
        found.append("it repeats marks or instructions")
    if any(phrase in said and phrase not in known for phrase in ABOUT_ITSELF):
        found.append("it speaks about itself")
    if _shared_terms(text, source) < min(COMMON_TERMS, len(set(extraction.terms(source)))):
        found.append("it is not about the article")
    if unknown := [figure for figure in extraction.figures(text, 50) if _digits(figure) not in _numbers(source)]:
        found.append(f"the article does not have the figure {unknown[0]}")
    sentences = [normalised(sentence) for sentence in split(text)]
    if len(set(sentences)) < len(sentences):
        found.append("a sentence comes twice")
    return found


def _shared_terms(text: str, source: str) -> int:
    return len(set(extraction.terms(text)) & set(extraction.terms(source)))


def _numbers(source: str) -> set[str]:
    return {_digits(figure) for figure in re.findall(r"\d[\d,.]*", source)}


def _digits(figure: str) -> str:
    """A figure without its currency, unit and separators: "1,500 pct" and "1500 %" are the same."""
    return re.sub(r"\D", "", figure)
