"""Feeds that staff take articles from, and documents that they bring."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path

from content.articles.feeds import services
from content.articles.models import Feed
from content.internet.addresses import Refused, split


class FeedForm(forms.ModelForm):
    class Meta:
        model = Feed
        fields = ["url", "category"]

    def clean_url(self) -> str:
        try:
            split(self.cleaned_data["url"])
        except Refused as error:
            raise forms.ValidationError(str(error)) from None
        return self.cleaned_data["url"]


class DocumentForm(forms.Form):
    """One of the two ways; nothing is kept of it but the articles."""

    document = forms.FileField(required=False, help_text="RSS, Atom or JSON, at most 250 kB.")
    text = forms.CharField(
        required=False, widget=forms.Textarea({"rows": 12}), help_text='Or pasted: [{"title", "content", "sourceUrl"}]'
    )
    category = forms.CharField(required=False, max_length=100, help_text="For items that have none.")

    def clean(self) -> dict:
        found = super().clean()
        if bool(found.get("document")) == bool(found.get("text")):
            raise forms.ValidationError("Choose a file or paste a text: one of the two.")
        return found

    def content(self) -> bytes:
        file = self.cleaned_data["document"]
        return file.read() if file else self.cleaned_data["text"].encode()


@admin.register(Feed)
class FeedAdmin(admin.ModelAdmin):
    form = FeedForm
    list_display = ["url", "category", "imported_at", "added", "known", "problem"]
    readonly_fields = ["imported_at", "added", "known", "problem"]
    actions = ["import_now"]

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.import_document)
        return [path("document/", view, name="articles_feed_document"), *super().get_urls()]

    @admin.action(description="Import now", permissions=["change"])
    def import_now(self, request: HttpRequest, queryset) -> None:
        jobs = [services.request_import(feed, owner=request.user) for feed in queryset]
        self.message_user(request, f"{len(jobs)} imports asked for; this list shows what came of them.")

    def import_document(self, request: HttpRequest) -> HttpResponse:
        """GET shows the form; POST takes over what is new in the document, or says why not."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        sent = request.method == "POST"
        form = DocumentForm(request.POST, request.FILES) if sent else DocumentForm()
        if sent and form.is_valid():
            try:
                done = services.import_document(form.content(), category=form.cleaned_data["category"])
            except Refused as error:
                form.add_error(None, str(error))
            else:
                self.message_user(request, f"{done.added} new articles; {done.known} were there already.")
                return redirect("admin:articles_article_changelist")
        context = {"title": "Import a document", "opts": self.opts, "form": form}
        context = self.admin_site.each_context(request) | context
        return TemplateResponse(request, "admin/articles/document.html", context)
