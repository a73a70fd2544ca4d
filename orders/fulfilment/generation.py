"""Writes the article of an order."""

from content.articles.services import check_article, create_article, save_version, write_article
from orders import emails
from orders.fulfilment.brief import brief_among_others
from orders.fulfilment.work import call_for_a_look, handing_in, waiting_order, worker
from orders.transitions import transition
from queues.running import RunningJob


def generate_article(*, order_id: str, job: RunningJob) -> None:
    """Writes the order's article and hands it to the customer: version, state and mail in one transaction.

    Raises Cancelled, saving nothing, when the order does not wait for this job any more; Fail when no model gave a
    usable text.
    """
    order = waiting_order(order_id, job)
    brief = brief_among_others(order)
    draft = write_article(brief, job=job)
    report = check_article(draft, brief)
    with handing_in(job, order, model=draft.model):
        article = order.article or create_article(title=draft.title, domain=order.domain)
        version = save_version(article, draft, report, brief=brief)
        order = transition(
            order_id=order.pk,
            action="job_done",
            actor=worker(job.id),
            job_id=job.id,
            article=article,
            current_version=version,
        )
        emails.article_ready(order)
        call_for_a_look(order, report, is_demo=draft.is_demo)
