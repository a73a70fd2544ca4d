"""Titles, drafts and posts for tests, made the way the product makes them."""

from content.blog import services, template
from content.blog.catalogues import Title
from content.blog.catalogues.builtin import Builtin
from content.blog.draft import Draft
from content.blog.models import Post
from content.blog.quality.check import checked

SKYFALL = "tt1074638"
GOOD = {
    "title": "Skyfall: a British and American thriller",
    "seoTitle": "Skyfall (2012): the film in short",
    "description": "What the catalogue says about Skyfall, a thriller directed by Sam Mendes.",
    "sections": [
        {
            "heading": "A thriller of the year 2012",
            "text": "Skyfall is a film directed by Sam Mendes. It belongs to the genres Thriller and Action, and its "
            "first release on record is the one of 23 October 2012. The running time is 143 minutes, which is 2 hours "
            "and 23 minutes. As a production of the United Kingdom and the United States it was made in English. "
            "The script was written by John Logan, Neal Purvis and Robert Wade, so that three writers share the "
            "credit for it.",
        },
        {
            "heading": "Who plays in it",
            "text": "The cast on record includes Daniel Craig, Judi Dench, Javier Bardem and Ralph Fiennes. Albert "
            "Finney is named beside them, and so are Helen McCrory and Ben Whishaw. With these names the record does "
            "not say who plays which part, so this text does not say it either. What can be said is that the cast is "
            "large and that the film was made by Columbia Pictures together with others.",
        },
        {
            "heading": "How critics rated it",
            "text": "The rating on record is 8.2 out of 10. It is the mean of 388 reviews by critics on Rotten "
            "Tomatoes, as Wikidata has it. A mean of so many opinions says little about a single one of them.",
        },
    ],
}


def skyfall() -> Title:
    return Builtin().details("movie", SKYFALL)


def draft_of(title: Title | None = None) -> Draft:
    """The template's, checked."""
    title = title or skyfall()
    return checked(template.write(title), title)


def make_post(title: Title | None = None, *, publish: bool = False, **fields) -> Post:
    """A saved post; `fields` are those of its row, changed afterwards."""
    title = title or skyfall()
    post = services.save_post(title=title, draft=draft_of(title), publish=publish)
    if fields:
        Post.objects.filter(pk=post.pk).update(**fields)
        post.refresh_from_db()
    return post


def films(count: int) -> list[Title]:
    """So many different films."""
    from content.blog.catalogues.builtin import _films

    return list(_films()[:: max(1, len(_films()) // count)][:count])
