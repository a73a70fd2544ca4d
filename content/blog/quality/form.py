"""Rules about length, titles, repetition and leftovers of a machine."""

import re

from content.blog import prompts
from content.blog.catalogues import Title
from content.blog.models.version import LONGEST_DESCRIPTION, LONGEST_SEO_TITLE, LONGEST_TITLE
from content.blog.quality.text import PostText
from content.blog.quality.tokens import phrase
from content.blog.states import Generator
from content.texts.leftovers import forbidden_in
from content.texts.report import BLOCK, REVISE, Finding
from content.texts.sentences import is_complete

FEWEST_OF_TEMPLATE = 25  # words: a record that gives less is no post
ADDRESS = re.compile(r"https?:|www\.|</?[a-z]+[ >/]", re.IGNORECASE)


def length(text: PostText, title: Title) -> Finding:
    ai = text.draft.generator == Generator.AI
    fewest = prompts.FEWEST_WORDS if ai else FEWEST_OF_TEMPLATE
    ok = fewest <= text.word_count <= (prompts.MOST_WORDS if ai else 5000)
    detail = f"{text.word_count} words" + (f"; {fewest} to {prompts.MOST_WORDS} were asked for" if ai else "")
    return Finding("length", "Long enough, and not too long", BLOCK, ok, detail)


def titles(text: PostText, title: Title) -> Finding:
    draft, faults = text.draft, []
    for name, value, most in (
        ("The title", draft.title, LONGEST_TITLE),
        ("The SEO title", draft.seo_title, LONGEST_SEO_TITLE),
        ("The description", draft.description, LONGEST_DESCRIPTION),
    ):
        if not 0 < len(value) <= most:
            faults.append(f"{name} has {len(value)} characters; at most {most} are allowed.")
    return Finding("titles", "Title, SEO title and description fit", BLOCK, not faults, " ".join(faults))


def subject(text: PostText, title: Title) -> Finding:
    name = " ".join(phrase(title.title))
    ok = name in " ".join(phrase(text.draft.title)) and any(name in " ".join(phrase(part)) for part in text.paragraphs)
    detail = "" if ok else f"“{title.title}” has to stand in the headline and in the text."
    return Finding("subject", "Names what it is about", BLOCK, ok, detail)


def sections(text: PostText, title: Title) -> Finding:
    levels = [block.level for block in text.blocks if block.level]
    ok = bool(levels) and set(levels) <= {2, 3} and bool(text.paragraphs)
    detail = "" if ok else f"Levels of headings: {', '.join(map(str, levels)) or 'none'}."
    return Finding("sections", "Has sections with headings", REVISE, ok, detail)


def ending(text: PostText, title: Title) -> Finding:
    broken = [paragraph[-40:] for paragraph in text.paragraphs if not _ends(paragraph)]
    if text.draft.generator == Generator.TEMPLATE:  # it quotes the catalogue as it is
        broken = []
    detail = f"This breaks off: “{broken[0]}”." if broken else ""
    return Finding("ending", "Every paragraph ends with a whole sentence", BLOCK, not broken, detail)


def repetition(text: PostText, title: Title) -> Finding:
    twice = [sentence for number, sentence in enumerate(text.sentences) if sentence in text.sentences[:number]]
    detail = f"This comes twice: “{twice[0][:100]}”." if twice else ""
    return Finding("repetition", "No sentence comes twice", BLOCK, not twice, detail)


def phrases(text: PostText, title: Title) -> Finding:
    found = [phrase for part in text.everything for phrase in forbidden_in(part)]
    detail = f"Found: {', '.join(found)[:200]}." if found else ""
    return Finding("phrases", "No refusals, greetings or placeholders of a machine", BLOCK, not found, detail)


def markup(text: PostText, title: Title) -> Finding:
    found = [token.type.removesuffix("_open") for token in text.markup]
    found += [match.group().strip() for part in text.everything if (match := ADDRESS.search(part))]
    detail = f"Found: {', '.join(found)[:200]}." if found else ""
    return Finding("markup", "No links, addresses, code or HTML", BLOCK, not found, detail)


def _ends(paragraph: str) -> bool:
    return is_complete(paragraph) or paragraph.rstrip().endswith(":")


RULES = (length, titles, subject, sections, ending, repetition, phrases, markup)
