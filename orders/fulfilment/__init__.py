"""What the jobs of an order do: the doing half. No word of Celery in it."""

from orders.fulfilment.brief import brief_of
from orders.fulfilment.failing import generation_failed, revision_failed
from orders.fulfilment.generation import generate_article
from orders.fulfilment.integration import integrate_backlink
from orders.fulfilment.revision import revise_article

__all__ = [
    "brief_of",
    "generate_article",
    "generation_failed",
    "integrate_backlink",
    "revise_article",
    "revision_failed",
]
