"""What Stripe told us, word for word; handling it again, and taking it off staff's list."""

import json

from django import forms
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path

from orders.admin.actions.base import actor_of
from orders.models import StripeEvent
from orders.payments.inbox import ERROR, replay_event, settle_event, unhandled
from orders.rights import REFUND
from queues.admin import ReadOnly

LIST = "admin:orders_stripeevent_changelist"


class SeenForm(forms.Form):
    note = forms.CharField(label="Note", widget=forms.Textarea({"rows": 3}), max_length=1000)


class AttentionFilter(admin.SimpleListFilter):
    title = "attention"
    parameter_name = "attention"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [("yes", "For staff to look at")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(pk__in=unhandled().order_by().values("pk")) if self.value() == "yes" else queryset


@admin.register(StripeEvent)
class StripeEventAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["id", "type", "status", "outcome", "order", "attempts", "received_at", "processed_at"]
    list_filter = [AttentionFilter, "status", "type"]
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
        wrap = self.admin_site.admin_view
        return [
            path("<path:event_id>/replay/", wrap(self.replay), name="orders_stripeevent_replay"),
            path("<path:event_id>/seen/", wrap(self.seen), name="orders_stripeevent_seen"),
            *super().get_urls(),
        ]

    @admin.display(description="Event")
    def content(self, event: StripeEvent) -> str:
        return json.dumps(event.payload, indent=2, ensure_ascii=False)

    def render_change_form(self, request, context, *args, **kwargs):
        context["may_replay"] = request.user.has_perm(REFUND)
        context["is_listed"] = unhandled().filter(pk=context["original"].pk).exists()
        return super().render_change_form(request, context, *args, **kwargs)

    def replay(self, request: HttpRequest, event_id: str) -> HttpResponse:
        """GET says what it does, POST does it."""
        event = self._meant(request, event_id)
        if request.method != "POST":
            return self._page(request, "replay", event, title=f"Handle {event.type} again")
        outcome = replay_event(event=event, actor=actor_of(request.user))
        level = "error" if outcome == ERROR else "success"
        self.message_user(request, f"Handled again; what came of it: {outcome}.", level)
        return redirect("admin:orders_stripeevent_change", quote(event.pk))

    def seen(self, request: HttpRequest, event_id: str) -> HttpResponse:
        """Off the list, with a note in the admin's log: the event has no order whose audit trail could hold it."""
        event, form = self._meant(request, event_id), SeenForm(request.POST or None, label_suffix="")
        if request.method != "POST" or not form.is_valid():
            return self._page(request, "event_seen", event, title=f"Seen to: {event.type}", form=form)
        with transaction.atomic():
            if settled := settle_event(event=event):
                note = f"Seen to: {form.cleaned_data['note']}"
                LogEntry.objects.log_actions(request.user.pk, [event], CHANGE, change_message=note)
        if not settled:
            self.message_user(request, "Nothing was changed: this event is not on staff's list any more.", "error")
        return redirect(f"{redirect(LIST).url}?attention=yes")

    def _meant(self, request: HttpRequest, event_id: str) -> StripeEvent:
        if not request.user.has_perm(REFUND):
            raise PermissionDenied
        event = StripeEvent.objects.select_related("order").filter(pk=event_id).first()
        if event is None:
            raise Http404
        return event

    def _page(self, request: HttpRequest, name: str, event: StripeEvent, **context) -> TemplateResponse:
        context = self.admin_site.each_context(request) | {"opts": self.opts, "event": event} | context
        return TemplateResponse(request, f"admin/orders/{name}.html", context)
