"""Posts, their versions, and the runs that ask for them."""

from content.blog.models.post import Post
from content.blog.models.run import Run
from content.blog.models.version import PostVersion

__all__ = ["Post", "PostVersion", "Run"]
