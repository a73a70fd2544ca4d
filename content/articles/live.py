"""What readers see of the texts that are written here: which version is live, where, and how its links are marked."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from content.articles.models import Article, ArticleVersion, Rel
from content.articles.models.article import LONGEST_CONTENT, LONGEST_SLUG
from content.articles.models.version import link_key
from content.articles.publishing import forget_after_commit
from content.articles.quality.parsed import ParsedArticle
from content.articles.rendering import render
from content.articles.selectors import as_id

MOST_ALIKE = 200  # articles of one domain with one title


class LosesLink(ValueError):
    """The live version has a paid link that this one has not: it was made from an older text."""


@transaction.atomic
def publish_version(article: Article, version: ArticleVersion) -> Article:
    """Make `version` what readers see, at `article.public_url`; once more changes nothing.

    The address is given at the first publication and stays, the date as well. Raises ValueError for another article's
    version, and LosesLink; nothing is stored then.
    """
    article = Article.objects.select_for_update(of=("self",)).select_related("published_version").get(pk=article.pk)
    if version.article_id != article.pk:
        raise ValueError(f"{version} is a version of another article.")
    live = article.published_version
    if live == version:
        return article
    if lost := _links(live) - _links(version):
        names = ", ".join(sorted(anchor for _, anchor in lost))
        raise LosesLink(f"The live text has a paid link that this version has not: {names}. Make it again from there.")
    article.published_version, article.title, article.content = version, version.title, _plain(version)
    article.published_at = article.published_at or timezone.now()
    article.commentary = None  # it was about another text
    _save_with_slug(article)
    forget_after_commit(article)
    return article


@transaction.atomic
def unpublish(article: Article) -> Article:
    """Take the live version from readers. Its address stays reserved; articles without versions are left alone."""
    article = Article.objects.select_for_update().get(pk=article.pk)
    if article.published_version_id is None:
        return article
    article.published_version, article.published_at, article.content, article.commentary = None, None, "", None
    article.save()
    forget_after_commit(article)
    return article


@transaction.atomic
def mark_link(version: ArticleVersion, rel: str) -> ArticleVersion:
    """Mark the version's ordered link for search engines as `rel`, a value of Rel, there and where later versions of
    the article, made for other orders, have it. Raises ValueError."""
    if rel not in Rel.values:
        raise ValueError(f"{rel!r} is none of {', '.join(map(repr, Rel.values))}.")
    Article.objects.select_for_update().filter(pk=version.article_id).first()  # first, as by whoever adds a version
    rows = ArticleVersion.objects.select_for_update()
    later = list(rows.filter(article=version.article_id, number__gt=version.number).exclude(earlier_links=[]))
    version = rows.get(pk=version.pk)
    if not version.backlink:
        return version
    bought, version.backlink = link_key(version.backlink), version.backlink | {"rel": rel}
    for other in later:
        other.earlier_links = [one | {"rel": rel} if link_key(one) == bought else one for one in other.earlier_links]
    for marked in (version, *later):
        marked.html = render(marked.markdown, paid=marked.paid_links)
        marked.save(update_fields=["backlink", "earlier_links", "html"])
    return version


def _links(version: ArticleVersion | None) -> set[tuple[str, str]]:
    return {link_key(link) for link in version.paid_links} if version else set()


def _plain(version: ArticleVersion) -> str:
    """As readers' articles have it: for the API, for commentary, for searching."""
    blocks = ParsedArticle(version.markdown).blocks
    return "\n\n".join(block.text for block in blocks if block.level != 1)[:LONGEST_CONTENT]


def _save_with_slug(article: Article) -> None:
    name = slugify(article.title)[: LONGEST_SLUG - 10].strip("-") or "article"
    if as_id(name):  # it would be taken for an article's id
        name = f"article-{name}"
    slugs = [article.slug] if article.slug else [name, *(f"{name}-{number}" for number in range(2, MOST_ALIKE))]
    for slug in slugs:
        if slug != article.slug and Article.objects.filter(domain=article.domain_id, slug=slug).exists():
            continue
        article.slug = slug
        try:
            with transaction.atomic():
                return article.save()
        except IntegrityError:  # another article has taken it in the same moment
            article.slug = ""
    raise ValueError(f"There are too many articles called {article.title!r}; give this one another title.")
