"""Rules about reading: the language, and how hard the sentences are. Sources of the numbers: docs/articles.md."""

from content.articles.brief import Brief
from content.articles.draft import Draft
from content.articles.quality.parsed import ParsedArticle
from content.texts.report import BLOCK, WARN, Finding
from content.texts.sentences import split, words

# Words without which hardly an English sentence is made, and few others are.
ENGLISH = frozenset(
    "the of and to a in is that it for as with was on be by are this not or from have an they which you were but at "
    "can their has had will one all we there if more when would so what about up out them into could than some only "
    "other no its then do these your who over may most like just also".split()
)
LEAST_ENGLISH, LEAST_IN_PARAGRAPH = 0.25, 0.1  # of the words
FEWEST_WORDS, FEWEST_IN_PARAGRAPH = 40, 30  # with less there is nothing to tell by
LONG_WORD = 6  # letters; more is a long word
EASIEST, HARDEST = 20, 55  # LIX


def english(article: ParsedArticle, brief: Brief, draft: Draft) -> Finding:
    foreign = [block.text for block in article.paragraphs if _is_foreign(block.text)]
    spoken = words(article.body)
    detail = ""
    if len(spoken) >= FEWEST_WORDS and _share(spoken) < LEAST_ENGLISH:
        detail = "The text seems to be in another language."
    elif foreign:
        detail = f"This seems to be in another language: “{' '.join(foreign[0].split()[:8])} …”"
    return Finding("english", "Written in English", BLOCK, not detail, detail)


def readability(article: ParsedArticle, brief: Brief, draft: Draft) -> Finding:
    label = "Neither hard nor childish to read"
    spoken = words(article.body)
    if len(spoken) < FEWEST_WORDS:
        return Finding("readability", label, WARN, True, "Too short to tell.")
    sentences = sum(len(split(block.text)) for block in article.paragraphs)
    long = sum(len(word) > LONG_WORD for word in spoken)
    lix = round(len(spoken) / sentences + 100 * long / len(spoken))
    detail = f"LIX {lix}; {EASIEST} to {HARDEST} suits a magazine"
    return Finding("readability", label, WARN, EASIEST <= lix <= HARDEST, detail)


def _is_foreign(paragraph: str) -> bool:
    spoken = words(paragraph)
    return len(spoken) >= FEWEST_IN_PARAGRAPH and _share(spoken) < LEAST_IN_PARAGRAPH


def _share(spoken: list[str]) -> float:
    return sum(word.casefold() in ENGLISH for word in spoken) / len(spoken)


RULES = (english, readability)
