"""The text that an article has for its readers now, whether it was written here or brought."""

import hashlib
from dataclasses import dataclass

from content.articles.document import escaped
from content.articles.models import Article, ArticleVersion, Generator
from content.articles.quality.parsed import ParsedArticle
from content.articles.rendering import render


class NoText(ValueError):
    """The article is not published: there is no text to work on."""


@dataclass(frozen=True)
class Text:
    """`version` is the row that holds it, None while it is only the article's content."""

    title: str
    markdown: str
    version: ArticleVersion | None

    @property
    def fingerprint(self) -> str:
        """Of the text; another one gives another."""
        return hashlib.sha256(self.markdown.encode()).hexdigest()[:12]

    @property
    def generator(self) -> str:
        return self.version.generator if self.version else Generator.PERSON

    @property
    def is_demo(self) -> bool:
        return self.version is not None and self.version.is_demo


def live_text(article: Article) -> Text:
    """What readers see now: the published version, else the content that somebody brought. Raises NoText."""
    version = article.published_version
    if version:
        return Text(version.title, version.markdown, version)
    if article.published_at is None or not article.content.strip():
        raise NoText("The article is not published.")
    paragraphs = (" ".join(paragraph.split()) for paragraph in article.content.split("\n\n"))
    blocks = [f"# {escaped(' '.join(article.title.split()))}", *(escaped(text) for text in paragraphs if text)]
    markdown = "\n\n".join(blocks) + "\n"
    kept = article.versions.filter(generator=Generator.PERSON, markdown=markdown).first()
    return Text(article.title, markdown, kept)


def keep(article: Article, text: Text) -> ArticleVersion:
    """The version that holds `text`: brought content becomes one, so that nothing of it is lost. The caller holds the
    article's lock."""
    if text.version:
        return text.version
    last = article.versions.order_by("-number").values_list("number", flat=True).first() or 0
    parsed = ParsedArticle(text.markdown)
    return article.versions.create(
        number=last + 1,
        title=text.title,
        markdown=text.markdown,
        html=render(text.markdown, paid=[]),
        word_count=parsed.word_count,
        backlink={},
        provider="",
        model="",
        generator=Generator.PERSON,
    )
