"""What staff see first: what is in trouble, what waits for them, and how it is going."""

from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse

from aiproviders.selectors import spent_today
from content.stories.asking import house_has_key
from content.stories.models import Story
from orders import reviewing, worklists
from orders.models import Order
from orders.rights import may_see
from orders.states import OrderStatus
from queues import stats
from queues.selectors import health
from queues.stats import QueueStats

# Of what is missing: what it means, and what to do.
MISSING = {
    "worker": "No worker is alive: nothing is being done. Jobs are kept; start a worker and they go on.",
    "dispatcher": "No worker hands out jobs: nothing new starts. Look at the workers' log.",
    "broker": "Redis cannot be reached. Jobs are kept and start when it answers again.",
}


@dataclass(frozen=True)
class Line:
    """A number and what it counts, or a sentence; `path` leads to what it speaks of.

    A trouble has a `name` of its own, by which desk.js finds it again when its words have changed.
    """

    words: str
    path: str
    number: str = ""
    name: str = ""


@dataclass(frozen=True)
class Overview:
    """`words` are the troubles in short; `is_moving` while jobs run."""

    troubles: list[Line]
    orders: list[Line]
    jobs: list[Line]
    words: str
    is_moving: bool


def overview(user) -> Overview:
    """What `user` may see of it."""
    queues = stats.all_queues() if user.has_perm("queues.view_queue") else []
    troubles, orders = [], []
    if queues:
        troubles += queues_in_trouble(queues)
    if may_see(user):
        troubles += _orders_in_trouble()
        orders = _orders()
    if user.has_perm("stories.change_story"):
        troubles += _stories_to_ask_for()
    moving = any(entry.counts["active"] for entry in queues)
    return Overview(troubles, orders, _jobs(queues) if queues else [], in_short(troubles), moving)


def queues_in_trouble(queues: list[QueueStats]) -> list[Line]:
    """Why nothing runs, or not everything."""
    return _broken() + [_paused(entry) for entry in queues if entry.paused]


def in_short(troubles: list[Line]) -> str:
    """For who only hears that the page has changed."""
    return f"To see to: {len(troubles)}." if troubles else "Nothing needs you just now."


def _broken() -> list[Line]:
    workers = reverse("admin:queues_worker_changelist")
    return [Line(MISSING[part], workers, name=part) for part, works in health().items() if not works]


def _paused(entry: QueueStats) -> Line:
    by = f" by {entry.paused_by}" if entry.paused_by else ""
    reason = f": {entry.paused_reason}" if entry.paused_reason else ""
    held = entry.counts["waiting"] + entry.counts["delayed"]
    words = f"The queue {entry.name} is paused{by}{reason}. Jobs that wait there: {held}."
    return Line(words, reverse("admin:queues_queue_change", args=[entry.name]), name=f"queue-{entry.name}")


def _orders_in_trouble() -> list[Line]:
    orders = reverse("admin:orders_order_changelist")
    late, attention = worklists.overdue().count(), worklists.needing_attention().count()
    found = (
        ("late", late, "Paid orders without their first version in time", f"{orders}?due=overdue"),
        ("attention", attention, "Orders that need attention", f"{orders}?needs_attention__exact=1"),
    )
    return [Line(f"{words}: {count}.", path, name=name) for name, count, words, path in found if count]


def _stories_to_ask_for() -> list[Line]:
    """Nothing while there is no key: then it would be of no use to ask."""
    count = Story.objects.without_key().count()
    if not count or not house_has_key():
        return []
    words = f"Stories that were not enhanced because no AI key was set: {count}. Ask again."
    return [Line(words, reverse("admin:stories_story_ask_again"), name="stories")]


def _orders() -> list[Line]:
    path = reverse("admin:orders_order_changelist")
    shown = [OrderStatus.PROCESSING, OrderStatus.QUALITY_CHECK, OrderStatus.ADMIN_REVIEW, OrderStatus.SCHEDULED]
    rows = Order.objects.filter(status__in=shown).order_by().values_list("status").annotate(Count("pk"))
    counts = dict(rows)
    lines = [Line(each.label, f"{path}?status__exact={each}", str(counts.get(each, 0))) for each in shown]
    reviews = Line("Reviews to decide", reverse("admin:orders_review_changelist"), str(reviewing.waiting().count()))
    return [*lines, reviews]


def _jobs(queues: list[QueueStats]) -> list[Line]:
    jobs, monitor = reverse("admin:queues_job_changelist"), reverse("admin:queues_queue_changelist")
    counts = {state: sum(entry.counts[state] for entry in queues) for state in queues[0].counts}
    return [
        *(Line(state.title(), f"{jobs}?state__exact={state}", str(counts[state])) for state in ("waiting", "active")),
        Line("Dead letters", reverse("admin:queues_dead_letters"), str(counts["failed"])),
        Line("Completed in 60 minutes", monitor, str(sum(entry.throughput for entry in queues))),
        Line("Spent on models today (UTC)", reverse("admin:aiproviders_aicall_changelist"), f"${spent_today():.2f}"),
    ]
