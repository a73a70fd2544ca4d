"""The outbox: what was written to customers and staff, and sending it again."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from orders import outbox
from orders.admin.actions.base import actor_of
from orders.models import Mail
from orders.rights import REVIEW
from queues.admin import ReadOnly

MOST_SELECTED = 200  # each is a transaction while somebody waits


@admin.register(Mail)
class MailAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["order", "kind", "to", "subject", "status", "attempts", "created_at", "sent_at"]
    list_filter = ["status", "kind"]
    list_select_related = ["order"]
    search_fields = ["order__code", "to", "message_id"]
    ordering = ["-id"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    actions = ["send_again"]
    exclude = ["html"]

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        return super().has_view_permission(request, obj) or self.has_review_permission(request)

    def has_review_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(REVIEW)

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.resend)
        return [path("<int:mail_id>/resend/", view, name="orders_mail_resend"), *super().get_urls()]

    def resend(self, request: HttpRequest, mail_id: int) -> HttpResponse:
        """POST puts the mail in line again; back to its order."""
        if request.method != "POST" or not self.has_review_permission(request):
            raise PermissionDenied
        mail = Mail.objects.filter(pk=mail_id).first()
        if mail is None:
            raise Http404
        self._send(request, [mail])
        return redirect("admin:orders_order_change", mail.order_id)

    @admin.action(description="Send again", permissions=["review"])
    def send_again(self, request: HttpRequest, queryset: QuerySet) -> None:
        mails = list(queryset[: MOST_SELECTED + 1])
        if len(mails) > MOST_SELECTED:
            message = f"Nothing was done: that is more than {MOST_SELECTED} mails at once."
            return self.message_user(request, message, "error")
        self._send(request, mails)

    def _send(self, request: HttpRequest, mails: list[Mail]) -> None:
        sent = 0
        for mail in mails:
            try:
                outbox.resend(mail, actor_of(request.user))
                sent += 1
            except outbox.NotSendable as error:
                self.message_user(request, f"{mail}: {error}", "warning")
        if sent:
            self.message_user(request, f"{sent} mail{'' if sent == 1 else 's'} in line.")
