"""One version of an order for staff: the text, what was asked for, what the check found, what is new in it."""

import uuid
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from content.articles.services import ArticleVersion, word_diff
from orders import comparing, selectors
from orders.models import Order
from orders.reading import rules_of


@dataclass(frozen=True)
class Reading:
    """`findings` are the rules that the text misses; `changes` those since `before`, the order's version before it."""

    version: ArticleVersion
    findings: list[dict]
    before: ArticleVersion | None
    changes: list[comparing.Block]
    others: list[ArticleVersion]


def reading(order: Order, version: ArticleVersion) -> Reading:
    before = order.versions.filter(number__lt=version.number).order_by("-number").first()
    return Reading(
        version=version,
        findings=[rule for rule in rules_of(version) if not rule["ok"]],
        before=before,
        changes=comparing.blocks(word_diff(before, version)) if before else [],
        others=list(order.versions.exclude(pk=version.pk).order_by("number").defer("markdown", "html")),
    )


class VersionMixin:
    """For the ModelAdmin of orders."""

    def version(self, request: HttpRequest, order_id: uuid.UUID, number: int) -> HttpResponse:
        order = selectors.order_by_id(order_id)
        version = order and selectors.version_of(order, number)
        if version is None:
            raise Http404
        if not self.has_view_permission(request, order) or request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        context = {"title": f"Version {number}: order {order}", "subtitle": None, "opts": self.opts, "order": order}
        context |= self.admin_site.each_context(request) | {"reading": reading(order, version)}
        return TemplateResponse(request, "admin/orders/version.html", context)
