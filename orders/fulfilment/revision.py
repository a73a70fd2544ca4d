"""Makes the changes that a customer, or staff, asked for."""

from content.articles import services as articles
from orders import emails
from orders.fulfilment.brief import brief_among_others, brief_of
from orders.fulfilment.integration import if_unchanged, text_of
from orders.fulfilment.work import handing_in, waiting_order, worker
from orders.models import Order, RevisionRequest
from orders.models.catalogue import ProductKind
from orders.transitions import transition
from queues.errors import Fail
from queues.running import RunningJob


def revise_article(*, order_id: str, revision_id: str, job: RunningJob) -> None:
    """Makes the version that a revision request asks for: version, state and mail in one transaction.

    Raises Cancelled, saving nothing, when the order does not wait for this job any more; Fail when no model gave a
    text that may be delivered: then the customer keeps the last good version.
    """
    order = waiting_order(order_id, job)
    revision = order.revisions.select_related("base").get(pk=revision_id)
    if order.kind == ProductKind.BACKLINK:
        _place_anew(order, revision, job)
    else:
        _write_again(order, revision, job)


def _write_again(order: Order, revision: RevisionRequest, job: RunningJob) -> None:
    base, brief = revision.base, brief_among_others(order)
    draft = articles.revise_article(base.markdown, brief, revision.notes, job=job)
    report = articles.check_revision(draft, brief, base=base.markdown)
    with handing_in(job, order, model=draft.model):
        version = articles.save_version(order.article, draft, report, brief=brief, base=base, notes=revision.notes)
        _hand_over(order, version, job)


def _place_anew(order: Order, revision: RevisionRequest, job: RunningJob) -> None:
    """A link is revised by putting it into what readers see now once more: the rest is not the customer's."""
    text, brief = text_of(order), brief_of(order)
    draft = articles.integrate_link(text, brief, f"{order.notes}\n\n{revision.notes}", job=job)
    report = articles.check_integration(draft, brief, base=text.markdown)
    if report.blocking:
        raise Fail("No model gave a sentence that passed the quality check.", kind="quality")
    with handing_in(job, order, model=draft.model), if_unchanged():
        article = order.article
        version = articles.save_integration(article, draft, report, brief=brief, text=text, notes=revision.notes)
        _hand_over(order, version, job)


def _hand_over(order: Order, version: articles.ArticleVersion, job: RunningJob) -> None:
    order = transition(
        order_id=order.pk, action="revision_done", actor=worker(job.id), job_id=job.id, current_version=version
    )
    emails.revision_ready(order)
