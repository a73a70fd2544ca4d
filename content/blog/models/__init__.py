"""Posts and their versions."""

from content.blog.models.post import Post
from content.blog.models.version import PostVersion

__all__ = ["Post", "PostVersion"]
