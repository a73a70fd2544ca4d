"""Articles, feeds and commentary for staff."""

from content.articles.admin import article, commentary, domain, feed, phrase, version

__all__ = ["article", "commentary", "domain", "feed", "phrase", "version"]
