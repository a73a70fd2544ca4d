"""What Stripe told us, word for word, and handling it again."""

import json

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path

from orders.admin.actions.base import actor_of
from orders.models import StripeEvent
from orders.payments.inbox import ERROR, replay_event
from orders.rights import REFUND
from queues.admin import ReadOnly


@admin.register(StripeEvent)
class StripeEventAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["id", "type", "status", "outcome", "order", "attempts", "received_at", "processed_at"]
    list_filter = ["status", "type"]
    list_select_related = ["order"]
    search_fields = ["id", "order__code", "error"]
    date_hierarchy = "received_at"
    show_full_result_count = False
    fields = [*list_display, "error", "content"]
    readonly_fields = ["content"]
    change_form_template = "admin/orders/stripe_event.html"

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        return super().has_view_permission(request, obj) or request.user.has_perm(REFUND)

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.replay)
        return [path("<path:event_id>/replay/", view, name="orders_stripeevent_replay"), *super().get_urls()]

    @admin.display(description="Event")
    def content(self, event: StripeEvent) -> str:
        return json.dumps(event.payload, indent=2, ensure_ascii=False)

    def render_change_form(self, request, context, *args, **kwargs):
        context["may_replay"] = request.user.has_perm(REFUND)
        return super().render_change_form(request, context, *args, **kwargs)

    def replay(self, request: HttpRequest, event_id: str) -> HttpResponse:
        """GET says what it does, POST does it."""
        if not request.user.has_perm(REFUND):
            raise PermissionDenied
        event = StripeEvent.objects.select_related("order").filter(pk=event_id).first()
        if event is None:
            raise Http404
        if request.method != "POST":
            context = {"title": f"Handle {event.type} again", "opts": self.opts, "event": event}
            context = self.admin_site.each_context(request) | context
            return TemplateResponse(request, "admin/orders/replay.html", context)
        outcome = replay_event(event=event, actor=actor_of(request.user))
        level = "error" if outcome == ERROR else "success"
        self.message_user(request, f"Handled again; what came of it: {outcome}.", level)
        return redirect("admin:orders_stripeevent_change", event.pk)
