"""The review queue: what waits, oldest first; one page to read and decide; what goes live later."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from orders import reviewing, selectors
from orders.admin.actions import ACTIONS
from orders.admin.order_page import buttons
from orders.admin.version_page import reading
from orders.models import Decision, Review
from orders.rights import REVIEW
from queues.admin import ReadOnly

HERE = ("approve", "schedule", "reject", "rework")  # decided on the page itself, beside the text
ELSEWHERE = ("claim", "take_over", "unclaim", "fail_finally")
MOST_SHOWN = 200


@admin.register(Review)
class ReviewAdmin(ReadOnly, admin.ModelAdmin):
    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        return request.user.is_active and request.user.is_staff and request.user.has_perm(REVIEW)

    has_module_permission = has_view_permission

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        self._check(request)
        waiting = list(reviewing.waiting()[: MOST_SHOWN + 1])
        scheduled = list(reviewing.scheduled()[:MOST_SHOWN])
        following = reviewing.next_for(request.user)
        context = {"title": "Review queue", "waiting": waiting[:MOST_SHOWN], "scheduled": scheduled}
        context |= {"following": following, "more": len(waiting) > MOST_SHOWN}
        return self._page(request, "review_queue", **context)

    def change_view(self, request: HttpRequest, object_id: str, form_url="", extra_context=None) -> HttpResponse:
        self._check(request)
        review = self.get_object(request, object_id)
        if review is None:
            raise Http404
        order = selectors.order_by_id(review.order_id)
        is_open = review.decision == Decision.PENDING
        context = {"title": f"Review of order {order}", "order": order, "review": review}
        context |= {"reading": reading(order, review.version), "is_open": is_open}
        context |= {"notes": list(order.revisions.select_related("base"))}
        if is_open:
            shown = buttons(order, request.user, [ACTIONS[name] for name in (*HERE, *ELSEWHERE)])
            here = [
                (action, action.form(order=order, auto_id=f"{action.name}_%s"))
                for action in shown
                if action.name in HERE
            ]
            context |= {"here": here, "elsewhere": [action for action in shown if action.name in ELSEWHERE]}
        return self._page(request, "review", **context)

    def _check(self, request: HttpRequest) -> None:
        if request.method not in ("GET", "HEAD") or not self.has_view_permission(request):
            raise PermissionDenied

    def _page(self, request: HttpRequest, name: str, **context) -> HttpResponse:
        context = self.admin_site.each_context(request) | {"opts": self.opts, "subtitle": None} | context
        return TemplateResponse(request, f"admin/orders/{name}.html", context)
