"""What can be done with posts: save, edit, publish, take back. Every text is a new version; none is changed."""

import datetime
import uuid

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify

from content.blog.catalogues import Title
from content.blog.draft import Draft
from content.blog.errors import AlreadyWritten, WrongState
from content.blog.models import Post, PostVersion
from content.blog.models.version import LONGEST_DESCRIPTION, LONGEST_SEO_TITLE, LONGEST_TITLE
from content.blog.quality.check import checked
from content.blog.states import Generator, PostState
from content.blog.transitions import transition
from content.texts.characters import clean
from content.texts.rendering import html_of, parse
from content.texts.sentences import shorten, words
from queues import clock

KEEP_RECORDS = datetime.timedelta(days=180)  # TMDB's terms: nothing of it is kept longer than six months
SLUG = 110


@transaction.atomic
def save_post(*, title: Title, draft: Draft, job_id: uuid.UUID | None = None, publish: bool = False) -> Post:
    """A new post about `title` with `draft` as its first version; call it inside `job.completing`.

    `publish`: at once, if the draft passed its check; else it stays a draft. Raises AlreadyWritten when the title has
    a post by now; nothing is stored then.
    """
    post = _new_post(title)
    _add_version(post, draft, job_id=job_id)
    if publish and draft.passed:
        transition(post.pk, PostState.PUBLISHED)
    post.refresh_from_db()
    return post


@transaction.atomic
def edit_post(post_id: object, *, by, title: str, seo_title: str, description: str, markdown: str) -> PostVersion:
    """A new version by staff, shown from now on; checked, but what the check finds does not stop it.

    Raises Post.DoesNotExist, and django's ValidationError with a `message_dict`; nothing is stored then.
    """
    post = Post.objects.select_for_update().get(pk=post_id)
    draft = Draft(*(clean(text).strip() for text in (title, seo_title, description, markdown)), Generator.STAFF)
    draft = checked(draft, post.title) if post.title else draft
    return _add_version(post, draft, author=by)


def publish(post_id: object) -> None:
    """Show a draft to everybody: the decision of staff, whatever the check found. Raises WrongState."""
    if not transition(post_id, PostState.PUBLISHED):
        raise WrongState(_state(post_id), "Only a draft can be published.")


def unpublish(post_id: object) -> None:
    """Make it a draft again; its versions and its address stay. Raises WrongState."""
    if not transition(post_id, PostState.DRAFT):
        raise WrongState(_state(post_id), "Only a published post can be taken back.")


def forget_old_records() -> int:
    """Drop what catalogues with such terms said more than six months ago; how many. The texts stay."""
    old = Post.objects.exclude(source="builtin").exclude(record={})
    now = clock.now()
    return old.filter(recorded_on__lt=now.date() - KEEP_RECORDS).update(record={}, updated_at=now)


def _state(post_id: object) -> str:
    return Post.objects.filter(pk=post_id).values_list("state", flat=True).first() or "deleted"


def _new_post(title: Title) -> Post:
    key = {"source": title.source, "media_type": title.media_type, "external_id": title.external_id}
    short = slugify(str(title))[:SLUG].strip("-")
    sure = f"{short[:60]}-{title.source}-{title.media_type}-{slugify(title.external_id)}".strip("-")
    for slug in (short or sure, sure):
        if Post.objects.filter(slug=slug).exists() and slug != sure:
            continue
        try:
            with transaction.atomic():
                return Post.objects.create(**key, slug=slug, record=title.as_json(), recorded_on=title.as_of)
        except IntegrityError:
            if existing := Post.objects.filter(**key).values_list("pk", flat=True).first():
                raise AlreadyWritten(existing) from None
    raise IntegrityError(f"no free address for {title}")


def _add_version(post: Post, draft: Draft, *, job_id: uuid.UUID | None = None, author=None) -> PostVersion:
    """The caller holds the post's row: it is new, or locked."""
    version = PostVersion(
        post=post,
        number=(post.versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        title=draft.title,
        seo_title=draft.seo_title,
        description=draft.description,
        markdown=draft.markdown,
        html=html_of(parse(draft.markdown)),
        word_count=len(words(draft.markdown)),
        quality=draft.quality,
        generator=draft.generator,
        provider=draft.provider,
        model=draft.model,
        prompt_version=draft.prompt_version,
        job_id=job_id,
        author=author,
    )
    if author is None:  # a model's titles may be too long: the check says so, and what is kept has to fit
        version.title = shorten(version.title, LONGEST_TITLE)
        version.seo_title = shorten(version.seo_title, LONGEST_SEO_TITLE)
        version.description = shorten(version.description, LONGEST_DESCRIPTION)
    version.clean_fields(exclude=["post", "html", "author"])
    version.save(force_insert=True)
    Post.objects.filter(pk=post.pk).update(current=version, updated_at=clock.now())
    return version
