"""The one way to change the state of a post."""

from django.db.models import F
from django.db.models.functions import Coalesce

from content.blog.models import Post
from content.blog.states import PostState
from queues import clock

ALLOWED = {PostState.PUBLISHED: PostState.DRAFT, PostState.DRAFT: PostState.PUBLISHED}  # to: from


def transition(post_id: object, to: PostState) -> bool:
    """One conditional UPDATE; False if the post was not in the state before `to`.

    A post keeps the day on which it was published first: readers' programs know it by that.
    """
    now = clock.now()
    changes = {"published_at": Coalesce(F("published_at"), now)} if to == PostState.PUBLISHED else {}
    waiting = Post.objects.filter(pk=post_id, state=ALLOWED[to], current__isnull=False)
    return bool(waiting.update(state=to, updated_at=now, **changes))
