"""Rules about length, headings and the end."""

from content.articles.brief import Brief
from content.articles.draft import AI, Draft
from content.articles.quality.parsed import ParsedArticle
from content.texts.report import BLOCK, REVISE, WARN, Finding
from content.texts.sentences import is_complete

SHORTEST, LONGEST = 0.9, 1.2  # of the ordered words


def author(article: ParsedArticle, brief: Brief, draft: Draft) -> Finding:
    written = draft.generator == AI
    detail = "" if written else "No language model was available; this is an outline of the order."
    return Finding("author", "Written by a language model", BLOCK, written, detail)


def trust(article: ParsedArticle, brief: Brief, draft: Draft) -> Finding:
    # No rule can see whether a sentence is true; whoever reads the report must know who wrote it.
    detail = "The demo model invents facts: a person has to read every sentence." if draft.is_demo else ""
    return Finding("trust", "Written by a model made for publishing", WARN, not draft.is_demo, detail)


def ending(article: ParsedArticle, brief: Brief, draft: Draft) -> Finding:
    last = article.blocks[-1] if article.blocks else None
    fenced = any(token.type in ("fence", "code_block") for token in article.tokens)
    ok = last is not None and not last.level and is_complete(last.text) and not fenced
    detail = "" if ok else "A code block stands in the text." if fenced else "The last sentence breaks off."
    return Finding("ending", "Ends with a whole sentence", BLOCK, ok, detail)


def length(article: ParsedArticle, brief: Brief, draft: Draft) -> Finding:
    least, most = round(brief.words * SHORTEST), round(brief.words * LONGEST)
    ok = least <= article.word_count <= most
    detail = f"{article.word_count} words; {least} to {most} for {brief.words} ordered"
    return Finding("length", "As long as ordered", BLOCK, ok, detail)


def headings(article: ParsedArticle, brief: Brief, draft: Draft) -> Finding:
    levels = [block.level for block in article.headings]
    jumps = any(below - above > 1 for above, below in zip(levels, levels[1:], strict=False))
    ok = levels[:1] == [1] and levels.count(1) == 1 and levels.count(2) >= 2 and not jumps
    detail = f"Levels found: {', '.join(map(str, levels)) or 'none'}"
    return Finding("headings", "One title and at least two headings, in order", REVISE, ok, "" if ok else detail)


RULES = (author, trust, ending, length, headings)
