"""Articles, feeds and commentary for staff."""

from content.articles.admin import article, commentary, feed

__all__ = ["article", "commentary", "feed"]
