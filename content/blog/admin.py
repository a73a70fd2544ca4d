"""Posts for staff: read, edit as a new version, publish and take back. All of it is done by services."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from content.blog import services
from content.blog.errors import WrongState
from content.blog.facts import facts_of
from content.blog.models import Post, PostVersion
from content.blog.models.version import LONGEST_DESCRIPTION, LONGEST_MARKDOWN, LONGEST_SEO_TITLE, LONGEST_TITLE
from content.blog.states import Generator
from content.texts.characters import clean
from content.texts.report import as_html
from queues import spending

TEXT = ("title", "seo_title", "description", "markdown")
WRITERS = {Generator.AI: "AI", Generator.TEMPLATE: "Template", Generator.STAFF: "Staff"}
MOST_SELECTED = 200  # their ids travel through the page


class CheckFilter(admin.SimpleListFilter):
    title = parameter_name = "check"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [("passed", "Passed"), ("failed", "Broke a rule"), ("none", "Not checked")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        passed, unchecked = Q(current__quality__blocking=0), Q(current__quality={})
        wanted = {"passed": passed, "failed": Q(current__quality__blocking__gt=0), "none": unchecked}
        return queryset.filter(wanted[self.value()]) if self.value() in wanted else queryset


class PostForm(forms.ModelForm):
    """The text of the version that is shown; another one becomes a new version."""

    title = forms.CharField(max_length=LONGEST_TITLE, widget=forms.TextInput(attrs={"size": 80}))
    seo_title = forms.CharField(
        label="SEO title", max_length=LONGEST_SEO_TITLE, widget=forms.TextInput(attrs={"size": 80})
    )
    description = forms.CharField(
        label="SEO description", max_length=LONGEST_DESCRIPTION, widget=forms.Textarea(attrs={"rows": 2, "cols": 80})
    )
    markdown = forms.CharField(
        label="Text (Markdown)", max_length=LONGEST_MARKDOWN, widget=forms.Textarea(attrs={"rows": 24, "cols": 100})
    )

    class Meta:
        model = Post
        fields = ()

    def __init__(self, *args, instance: Post | None = None, **kwargs) -> None:
        shown = instance and instance.current
        kwargs["initial"] = {name: getattr(shown, name) for name in TEXT} if shown else {}
        super().__init__(*args, instance=instance, **kwargs)

    def clean(self) -> dict:
        for name in TEXT:
            if name in self.cleaned_data:
                self.cleaned_data[name] = clean(self.cleaned_data[name]).strip()
                if not self.cleaned_data[name]:
                    self.add_error(name, "There is nothing in it that can be seen.")
        return self.cleaned_data


class VersionInline(admin.StackedInline):
    model = PostVersion
    fields = ["number", "created_at", "written_by", "cost", "word_count", "check_result", "text"]
    readonly_fields = fields
    ordering = ["-number"]
    extra = 0

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    @admin.display(description="Written by")
    def written_by(self, version: PostVersion) -> str:
        by = f" ({version.author})" if version.author_id else ""
        return f"{version.byline}{by}"

    @admin.display(description="Cost of its job")
    def cost(self, version: PostVersion) -> str:
        spent = spending.spent([version.job_id]) if version.job_id else None
        return "-" if spent is None else f"${spent:.4f}"

    @admin.display(description="Quality check")
    def check_result(self, version: PostVersion) -> str:
        return as_html(version.quality) or "Not checked: what the catalogue said is not kept any more."

    @admin.display(description="Text")
    def text(self, version: PostVersion) -> str:
        return mark_safe(version.html)  # noqa: S308  sanitised when it was saved


@admin.register(Post)
class PostAdmin(admin.ModelAdmin):
    form = PostForm
    change_form_template = "admin/blog/post/change_form.html"
    inlines = [VersionInline]
    list_display = ["headline", "state", "checked", "written_by", "source", "media_type", "published_at", "created_at"]
    list_filter = ["state", CheckFilter, "current__generator", "source", "media_type"]
    search_fields = ["slug", "current__title", "external_id"]
    date_hierarchy = "created_at"
    list_select_related = ["current"]
    show_full_result_count = False
    actions = ["publish", "unpublish"]
    fields = [*TEXT, "state", "published_at", "page", "record_facts", "source", "media_type", "external_id"]
    readonly_fields = fields[len(TEXT) :]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("current")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # posts are written by jobs, from a catalogue

    def save_model(self, request: HttpRequest, obj: Post, form: PostForm, change: bool) -> None:
        if form.changed_data:
            services.edit_post(obj.pk, by=request.user, **{name: form.cleaned_data[name] for name in TEXT})
            obj.refresh_from_db()

    def response_change(self, request: HttpRequest, obj: Post):
        for action in ("publish", "unpublish"):
            if f"_{action}" in request.POST:
                asked = getattr(self, action)(request, self.get_queryset(request).filter(pk=obj.pk))
                return asked or redirect("admin:blog_post_change", obj.pk)
        return super().response_change(request, obj)

    @admin.display(description="Title", ordering="current__title")
    def headline(self, post: Post) -> str:
        return str(post)

    @admin.display(description="Check")
    def checked(self, post: Post) -> str:
        quality = post.current.quality if post.current else {}
        if not quality:
            return "not checked"
        return "passed" if quality["blocking"] == 0 else f"{quality['blocking']} of {quality['total']} rules broken"

    @admin.display(description="Written by", ordering="current__generator")
    def written_by(self, post: Post) -> str:
        return WRITERS[post.current.generator] if post.current else "-"

    @admin.display(description="Page")
    def page(self, post: Post) -> str:
        address = post.get_absolute_url()
        return format_html('<a href="{}">{}</a>', address, address)

    @admin.display(description="The catalogue says")
    def record_facts(self, post: Post) -> str:
        lines = facts_of(post.title) if post.title else []
        return format_html_join("", "<div>{}: {}</div>", lines) or "Not kept any more."

    @admin.action(description="Publish selected posts", permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet) -> TemplateResponse | None:
        return self._decide(request, queryset, services.publish, "publish", "published")

    @admin.action(description="Take selected posts back", permissions=["change"])
    def unpublish(self, request: HttpRequest, queryset: QuerySet) -> TemplateResponse | None:
        return self._decide(request, queryset, services.unpublish, "unpublish", "taken back")

    def _decide(self, request, queryset, service, action: str, done: str) -> TemplateResponse | None:
        """Shows what it is about and what the check found; does it once that is confirmed."""
        posts = list(queryset[: MOST_SELECTED + 1])
        if len(posts) > MOST_SELECTED:
            message = f"Nothing done: that is more than {MOST_SELECTED} posts at once."
            return self.message_user(request, message, messages.ERROR)
        if "confirmed" not in request.POST:
            context = {"title": f"{action.capitalize()} posts", "opts": self.opts, "posts": posts, "action": action}
            context |= self.admin_site.each_context(request)
            return TemplateResponse(request, "admin/blog/decide.html", context)
        changed, left = [], []
        for post in posts:
            try:
                service(post.pk)
                changed.append(post)
            except WrongState as error:
                left.append(f"{post}: {error} It is {error.state}.")
        LogEntry.objects.log_actions(request.user.pk, changed, CHANGE, change_message=done.capitalize())
        if changed:
            self.message_user(request, f"{len(changed)} post{'s' if len(changed) > 1 else ''} {done}.")
        if left:
            self.message_user(request, f"Left as they are: {' '.join(left)}"[:1000], messages.WARNING)
        return None
