"""Articles, the versions of those that are written here, and what is said about them."""

from content.articles.models.article import Article
from content.articles.models.commentary import Commentary, Source, Vote
from content.articles.models.domain import Domain
from content.articles.models.feed import Feed
from content.articles.models.phrase import UnwantedPhrase
from content.articles.models.version import ArticleVersion, Generator, Rel, ReviewStatus

__all__ = [
    "Article",
    "ArticleVersion",
    "Commentary",
    "Domain",
    "Feed",
    "Generator",
    "Rel",
    "ReviewStatus",
    "Source",
    "UnwantedPhrase",
    "Vote",
]
