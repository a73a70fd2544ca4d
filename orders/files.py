"""A version as a download, the same for the page and the API."""

from django.http import HttpResponse

from content.articles.services import ArticleVersion
from orders.models import Order


def attachment(order: Order, version: ArticleVersion, made) -> HttpResponse:
    """`made` is what content.articles exported."""
    name = f"{order.code}-version-{version.number}.{made.suffix}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(made.content, content_type=made.media_type, headers=headers)
