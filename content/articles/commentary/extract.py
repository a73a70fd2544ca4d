"""What stands in for a commentary while no model answers: sentences of the article itself, and labelled so."""

from aiproviders.backends.extract import Extract
from aiproviders.base import Endpoint
from aiproviders.errors import ProviderError
from content.articles.commentary.prompts import commentary_prompt, variant_of
from content.articles.models import Article

MOST_TOKENS = 220
LONGEST_QUOTE = 600  # characters


def extract(article: Article) -> str:
    """Plain paragraphs that quote `article`; never empty, however short it is. Takes milliseconds and asks nobody."""
    prompt = commentary_prompt(article, variant_of(article))
    try:
        reply = Extract(Endpoint("extract")).complete(prompt, model="", schema=None, deadline=1, max_tokens=MOST_TOKENS)
    except ProviderError:  # too short to choose from
        text = " ".join(article.content.split())[:LONGEST_QUOTE]
        return f"This is a short item: “{article.title}”." + (f"\n\n“{text}”" if text else "")
    return "\n\n".join(_quoted(paragraph) for paragraph in reply.text.split("\n\n"))


def _quoted(paragraph: str) -> str:
    return f"“{paragraph[2:]}”" if paragraph.startswith("> ") else paragraph.replace("The source", "The article", 1)
