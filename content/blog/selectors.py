"""Reading posts."""

from collections.abc import Iterable

from content.blog.models import Post
from content.blog.models.post import PostQuerySet


def posts_for(user) -> PostQuerySet:
    """What this user may read, with the version that is shown: staff see drafts too. Newest first."""
    posts = Post.objects.select_related("current").defer("current__markdown")
    return posts.filter(current__isnull=False) if user.is_staff else posts.published()


def published() -> PostQuerySet:
    """What everybody may read, newest first."""
    return Post.objects.published().select_related("current").order_by("-published_at", "-id")


def written(source: str, media_type: str, external_ids: Iterable[str]) -> dict[str, Post]:
    """The posts that there are about these titles, by external id: no title is written about twice."""
    posts = Post.objects.filter(source=source, media_type=media_type, external_id__in=list(external_ids))
    return {post.external_id: post for post in posts.select_related("current")}
