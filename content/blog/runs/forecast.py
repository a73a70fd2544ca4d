"""What a run would write, cost and take, before it starts."""

from dataclasses import dataclass
from decimal import Decimal

from aiproviders.models import LanguageModel
from aiproviders.prices import is_free
from aiproviders.selectors import median_cost
from content.blog.catalogues import CatalogueError, default_catalogue
from content.blog.models import Run
from content.blog.runs.kinds import QUEUE, WRITE
from content.blog.runs.listing import POSTED, REJECTED, TAKEN, look, page_of
from content.blog.writing import TEMPLATE
from content.texts.durations import in_words
from queues.models import Job
from queues.selectors import estimated_seconds
from queues.states import JobState

FIRST_GUESS = 20  # seconds for a post, before any was written
MOST_PAGES = 5  # somebody waits for the answer
TYPICAL_INPUT, TYPICAL_OUTPUT = 1200, 900  # tokens of a post, before this model has written any
PURPOSE = f"{QUEUE} post"  # as content.blog.writing names its calls
MILLION = 1_000_000


@dataclass(frozen=True)
class Forecast:
    """`cost` in US dollars, like `seconds` None when unknown; `trouble` says why no more is known of the titles."""

    posts: int
    posted: int
    rejected: int
    taken: int
    seconds: int | None
    cost: Decimal | None
    trouble: str = ""

    @property
    def time(self) -> str:
        return in_words(self.seconds) if self.seconds is not None else "once the queue is no longer paused"


def forecast(run: Run) -> Forecast:
    """About a run that was checked but not started. Asks the catalogue for the first pages of the listing."""
    catalogue, found, trouble = default_catalogue(), [], ""
    pages = look(run, catalogue.name, run.count, lambda number: page_of(catalogue, run, number), most=MOST_PAGES)
    try:
        found += pages
    except CatalogueError as error:
        trouble = str(error)
    posts = run.count if trouble else sum(not title.skipped for title in found)
    reasons = [title.skipped for title in found]
    each = cost_per_post(run)
    return Forecast(
        posts=posts,
        posted=reasons.count(POSTED),
        rejected=reasons.count(REJECTED),
        taken=reasons.count(TAKEN),
        seconds=seconds_for(posts),
        cost=None if each is None else each * posts,
        trouble=trouble,
    )


def seconds_for(posts: int) -> int | None:
    """Until so many new posts are written, behind those in line, at the queue's limits; None while it is paused."""
    in_line = Job.objects.filter(queue=QUEUE, state=JobState.WAITING).count()
    return estimated_seconds(Job(kind=WRITE, queue=QUEUE), max(1, in_line + posts), guess=FIRST_GUESS)


def cost_per_post(run: Run) -> Decimal | None:
    """US dollars: the median of the last posts by this model, else by its list price; None when unknown."""
    if run.ai_model == TEMPLATE:
        return Decimal(0)
    provider, _, model = run.ai_model.partition("/")
    if is_free(provider):
        return Decimal(0)
    if (known := median_cost(PURPOSE, provider=provider, model=model)) is not None:
        return known
    row = LanguageModel.objects.filter(provider=provider, model=model).first()
    if row is None or row.input_price is None or row.output_price is None:
        return None
    return (row.input_price * TYPICAL_INPUT + row.output_price * TYPICAL_OUTPUT) / MILLION
