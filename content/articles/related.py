"""What a new article has to know of the others and of the house: links, copies, words."""

from collections.abc import Iterable

from django.db.models import Case, F, Q, Value, When

from content.articles.brief import Other, Related
from content.articles.models import Article, ArticleVersion, Domain, UnwantedPhrase
from content.texts.sentences import normalised, words

MOST_LOOKED_AT, MOST_OFFERED = 200, 8
MOST_PHRASES = 500
MOST_COMPARED = 2000  # texts; a megabyte, and about 15 ms for each check
FEWEST_WORDS = 2  # of a title: a single word is mentioned without meaning the article
SHORTEST = 4  # letters of a word that says something about the theme


def related_articles(*about: str, domain: Domain | None, but: Iterable[object] = ()) -> tuple[Related, ...]:
    """The newest live articles of `domain` (None: this site) whose titles share most words with `about`.

    At most 8 of the newest 200, in one query. `but` are ids of articles that do not count.
    """
    wanted = _themes(" ".join(about))
    live = Article.objects.filter(published_version__isnull=False, domain=domain).exclude(pk__in=list(but))
    newest = live.select_related("domain").defer("content").order_by("-published_at", "-id")[:MOST_LOOKED_AT]
    found = [(len(wanted & _themes(article.title)), article) for article in newest]
    fitting = [pair for pair in found if pair[0] and len(words(pair[1].title)) >= FEWEST_WORDS]
    best = sorted(fitting, key=lambda pair: -pair[0])[:MOST_OFFERED]
    return tuple(Related(article.title, article.public_url) for _, article in best)


def other_texts(*, but: Iterable[object] = ()) -> tuple[Other, ...]:
    """The newest 2,000 versions that models wrote, in one query; `but` are ids of articles that do not count."""
    written = ArticleVersion.objects.exclude(sketch=b"").exclude(article__in=list(but)).order_by("-created_at")
    is_live = Q(article__published_version=F("pk"))
    newest = written.annotate(shown=Case(When(is_live, then="title"), default=Value(""))).values_list("shown", "sketch")
    return tuple(Other(title, bytes(sketch)) for title, sketch in newest[:MOST_COMPARED])


def unwanted_phrases() -> tuple[str, ...]:
    """The list that staff keep, at most 500 of it."""
    return tuple(UnwantedPhrase.objects.values_list("words", flat=True)[:MOST_PHRASES])


def _themes(text: str) -> set[str]:
    return {word for word in words(normalised(text)) if len(word) >= SHORTEST}
