"""Looking through a listing for titles that nobody has written about."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from content.blog.catalogues import Catalogue
from content.blog.models import Run
from content.blog.selectors import written
from queues.models import Job

MOST_PAGES = 50  # of a listing whose beginning has been written about
POSTED, REJECTED, TAKEN = "posted", "filtered", "taken"
WORDS = {
    POSTED: "skipped, already posted",
    REJECTED: "skipped, the filters leave it out",
    TAKEN: "skipped, another run writes it",
}


@dataclass(frozen=True)
class Found:
    """A title of the listing; `skipped` says why nothing is written about it, empty when something is."""

    external_id: str
    label: str
    skipped: str = ""


def page_of(catalogue: Catalogue, run: Run, number: int) -> dict[str, Any]:
    """One page of the listing, as JSON. Raises CatalogueError."""
    query = run.query
    page = catalogue.page(query, number)
    titles = [{"id": title.external_id, "label": str(title), "fits": query.admits(title)} for title in page.titles]
    return {"titles": titles, "pages": page.total_pages}


def look(run: Run, source: str, wanted: int, page: Callable[[int], dict], *, most: int = MOST_PAGES) -> Iterator[Found]:
    """Titles, page by page, until `wanted` of them can be written about or no more are there; two queries a page."""
    number, last, free, seen = 0, 1, 0, set()
    while free < wanted and number < min(last, most):
        number += 1
        answer = page(number)
        last = answer["pages"]
        titles = {title["id"]: title for title in answer["titles"] if title["id"] not in seen}
        seen |= titles.keys()
        reasons = _reasons(run, source, list(titles))
        for external_id, title in titles.items():
            skipped = reasons.get(external_id, "") if title["fits"] else REJECTED
            free += not skipped
            yield Found(external_id, title["label"], skipped)
            if free == wanted:
                return


def key_of(source: str, media_type: str, external_id: str) -> str:
    """While a job with this dedupe key is open, nobody else asks for a post about the title."""
    return f"blog-post:{source}:{media_type}:{external_id}"


def _reasons(run: Run, source: str, ids: list[str]) -> dict[str, str]:
    """Why nothing can be written about some of these titles."""
    posted = dict.fromkeys(written(source, run.media_type, ids), POSTED)
    keys = {key_of(source, run.media_type, each): each for each in ids if each not in posted}
    open_keys = Job.objects.open().filter(dedupe_key__in=list(keys)).values_list("dedupe_key", flat=True)
    return posted | {keys[key]: TAKEN for key in open_keys}
