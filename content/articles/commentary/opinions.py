"""What readers do with a commentary: look at it, and say whether it helped."""

from django.db.models import F

from content.articles.models import Commentary, Vote


def vote(commentary: Commentary, *, reader: str, helpful: bool) -> None:
    """The opinion of `reader`; the last one counts, so voting twice changes nothing."""
    Vote.objects.update_or_create(commentary=commentary, reader=reader, defaults={"helpful": helpful})


def opinion(commentary: Commentary, reader: str) -> bool | None:
    """What `reader` has said; None if nothing."""
    if not reader:
        return None
    return commentary.votes.filter(reader=reader).values_list("helpful", flat=True).first()


def seen(commentary: Commentary) -> None:
    """Count one look at the commentary."""
    Commentary.objects.filter(pk=commentary.pk).update(views=F("views") + 1)
