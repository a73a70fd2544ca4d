"""What the page of one post shows."""

from dataclasses import dataclass

from django.conf import settings

from content.blog.catalogues import catalogue
from content.blog.facts import facts_of
from content.blog.models import Post, PostVersion
from content.blog.states import PostState

NOT_IN_BOX = ("Title", "Plot")


@dataclass(frozen=True)
class PostPage:
    """`version` is the one that is shown; `facts` are label and value; `attribution` names the catalogue."""

    post: Post
    version: PostVersion
    facts: list[tuple[str, str]]
    attribution: str

    @property
    def is_draft(self) -> bool:
        return self.post.state == PostState.DRAFT

    @property
    def address(self) -> str:
        """The whole one, which does not depend on where the reader came from."""
        return absolute(self.post.get_absolute_url())


def post_page(post: Post, version: PostVersion | None = None) -> PostPage:
    """The page of `post` with its current version, or another one as a preview. No query."""
    facts = facts_of(post.title) if post.title else []
    return PostPage(
        post,
        version or post.current,
        [(label, value) for label, value in facts if label not in NOT_IN_BOX],
        catalogue(post.source).attribution,
    )


def absolute(path: str) -> str:
    """`path` at the address that people reach this site at."""
    return settings.PUBLIC_URL + path
