"""Rules about the words: keyword, theme, repetition, leftovers, figures."""

import re

from content.articles.brief import Brief
from content.articles.draft import Draft
from content.articles.quality.parsed import ParsedArticle
from content.texts import leftovers
from content.texts.report import BLOCK, REVISE, WARN, Finding
from content.texts.sentences import normalised, uses, words

FEWEST_USES, HIGHEST_DENSITY = 2, 0.03
GRAM = 6
LEAST_DISTINCT = 0.85
LEAST_THEME = 0.5
FIGURE = re.compile(r"\d[\d.,]*\d|\d")
SMALL_WORDS = frozenset(
    "a about an and are as at be best by can do does for from get has have how in into is it its make my new no not of "
    "off on or our out than that the their this to up us use using vs was what when where which who why will with you "
    "your".split()
)


def keyword(article: ParsedArticle, brief: Brief, draft: Draft) -> Finding:
    label = "Keyword used at least twice, and in at most 3 % of the words"
    if not brief.keyword.strip():
        return Finding("keyword", label, REVISE, True, "No keyword was ordered.")
    count = sum(uses(brief.keyword, block.text) for block in article.blocks if block.level != 1)
    density = count / max(article.word_count, 1)
    in_text = uses(brief.keyword, article.body)
    ok = count >= FEWEST_USES and in_text >= 1 and density <= HIGHEST_DENSITY
    detail = f"{count} times, {in_text} of them outside headings; {density:.1%} of the words"
    return Finding("keyword", label, REVISE, ok, detail)


def theme(article: ParsedArticle, brief: Brief, draft: Draft) -> Finding:
    wanted = {_stem(word) for word in words(normalised(brief.topic)) if word not in SMALL_WORDS}
    present = {_stem(word) for word in words(normalised(article.body))}
    missing = sorted(wanted - present)
    ok = not wanted or 1 - len(missing) / len(wanted) >= LEAST_THEME
    detail = "" if ok else f"Not mentioned: {', '.join(missing)}"
    return Finding("theme", "Speaks about the ordered topic", REVISE, ok, detail)


def repetition(article: ParsedArticle, brief: Brief, draft: Draft) -> Finding:
    spoken = [word.casefold() for word in words(article.body)]
    grams = [tuple(spoken[start : start + GRAM]) for start in range(len(spoken) - GRAM + 1)]
    share = len(set(grams)) / len(grams) if grams else 1.0
    detail = "" if share > LEAST_DISTINCT else f"{1 - share:.0%} of the text says the same again."
    return Finding("repetition", "Does not repeat itself", BLOCK, not detail, detail)


def phrases(article: ParsedArticle, brief: Brief, draft: Draft) -> Finding:
    found = [phrase for block in article.blocks if block.level != 1 for phrase in leftovers.forbidden_in(block.text)]
    detail = f"Found: {', '.join(found)[:200]}" if found else ""
    return Finding("phrases", "No refusals, greetings or placeholders of a machine", BLOCK, not found, detail)


def unwanted(article: ParsedArticle, brief: Brief, draft: Draft) -> Finding:
    ordered = f"{brief.topic}\n{brief.keyword}\n{brief.anchor}"
    forbidden = [phrase for phrase in brief.unwanted if not uses(phrase, ordered)]
    found = [phrase for phrase in forbidden if any(uses(phrase, block.text) for block in article.blocks)]
    detail = f"Found: {', '.join(found)[:200]}" if found else ""
    return Finding("unwanted", "None of the words that we do not want", REVISE, not found, detail)


def figures(article: ParsedArticle, brief: Brief, draft: Draft) -> Finding:
    given = set(FIGURE.findall(f"{brief.topic} {brief.keyword} {brief.anchor} {brief.notes}"))
    found = [figure for figure in dict.fromkeys(FIGURE.findall(article.body)) if figure not in given]
    detail = f"Check before publishing: {', '.join(found[:8])}" if found else ""
    return Finding("figures", "No figures that the order does not give", WARN, not found, detail)


def _stem(word: str) -> str:
    """Enough to see "practice" in "practices" and "choose" in "choosing"."""
    return word[: max(4, len(word) - 3)]


RULES = (keyword, theme, repetition, phrases, unwanted, figures)
