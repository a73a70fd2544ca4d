"""Puts the ordered link into an article that is there already."""

from collections.abc import Iterator
from contextlib import contextmanager

from content.articles.services import (
    NoText,
    Text,
    TextChanged,
    check_integration,
    integrate_link,
    live_text,
    save_integration,
)
from orders import emails
from orders.fulfilment.brief import brief_of
from orders.fulfilment.work import call_for_a_look, handing_in, waiting_order, worker
from orders.models import Order
from orders.transitions import transition
from queues.errors import Fail, Retry
from queues.running import RunningJob


def integrate_backlink(*, order_id: str, job: RunningJob) -> None:
    """Makes a version of the order's article that has the ordered link and is otherwise what readers see now.

    Raises Cancelled, saving nothing, when the order does not wait for this job any more; Retry when the article was
    changed meanwhile; Fail when it has no text.
    """
    order = waiting_order(order_id, job)
    text, brief = text_of(order), brief_of(order)
    draft = integrate_link(text, brief, order.notes, job=job)
    report = check_integration(draft, brief, base=text.markdown)
    with handing_in(job, order, model=draft.model), if_unchanged():
        version = save_integration(order.article, draft, report, brief=brief, text=text)
        order = transition(
            order_id=order.pk, action="job_done", actor=worker(job.id), job_id=job.id, current_version=version
        )
        emails.backlink_integrated(order)
        call_for_a_look(order, report, is_demo=draft.is_demo)


def text_of(order: Order) -> Text:
    """What readers see now of the order's article."""
    if order.article is None:
        raise Fail("The order names no article.", kind="no_text")
    try:
        return live_text(order.article)
    except NoText as error:
        raise Fail(str(error), kind="no_text") from error


@contextmanager
def if_unchanged() -> Iterator[None]:
    """Begins again, with the new text, when readers see another one than was worked on."""
    try:
        yield
    except TextChanged as error:
        raise Retry(str(error), after=1, counts=False) from error
    except NoText as error:
        raise Fail(str(error), kind="no_text") from error
