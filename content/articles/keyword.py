"""Makes sure that the ordered keyword is in the text, when the model has not used it once."""

from dataclasses import replace

from content.articles.document import Document, Part
from content.texts.sentences import uses

MENTION = "All of this is part of {keyword}."


def mention_keyword(document: Document, keyword: str) -> Document:
    """The document with a neutral sentence at its end, if no paragraph has the keyword and one was ordered."""
    wanted = " ".join(keyword.split())
    if not wanted or any(uses(wanted, paragraph) for part in document.parts for paragraph in part.paragraphs):
        return document
    *others, last = document.parts
    *before, ending = last.paragraphs
    sentence = MENTION.replace("{keyword}", wanted)
    return replace(document, parts=(*others, Part(last.heading, (*before, f"{ending} {sentence}"))))
