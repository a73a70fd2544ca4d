"""Stories for staff: both scores side by side. All of it is written by services."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join

from content.stories import asking, services, wording
from content.stories.forms import StoryForm
from content.stories.models import Story
from queues.models import Job
from queues.states import JobState

MOST_SELECTED = 200  # each takes milliseconds while somebody waits, and their ids travel through the page
APART = 3  # points between the words and the model that deserve a look
BANDS = {"low": (0, 3), "middle": (3, 7), "high": (7, 10.1)}


class BandFilter(admin.SimpleListFilter):
    """Low, middle or high by the local score."""

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [(name, f"{low:g} to {min(high, 10):g}") for name, (low, high) in BANDS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in BANDS:
            return queryset
        low, high = BANDS[self.value()]
        return queryset.filter(**{f"{self.parameter_name}_score__gte": low, f"{self.parameter_name}_score__lt": high})


class HypeFilter(BandFilter):
    title = parameter_name = "hype"


class EthicsFilter(BandFilter):
    title = parameter_name = "ethics"


class EnhancementFilter(admin.SimpleListFilter):
    title = parameter_name = "enhancement"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [("yes", "Enhanced"), ("no", "Not enhanced"), ("apart", f"{APART} points or more from the words")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() in ("yes", "no"):
            return queryset.filter(enhanced_at__isnull=self.value() == "no")
        if self.value() != "apart":
            return queryset
        return queryset.filter(_apart("hype") | _apart("ethics"))


def _apart(topic: str) -> Q:
    local, enhanced = F(f"{topic}_score"), f"enhanced_{topic}_score"
    return Q(**{f"{enhanced}__gte": local + APART}) | Q(**{f"{enhanced}__lte": local - APART})


@admin.register(Story)
class StoryAdmin(admin.ModelAdmin):
    form = StoryForm
    list_display = ["title", "sector_tag", "hype", "ethics", "enhancement", "created_at"]
    list_filter = [EnhancementFilter, HypeFilter, EthicsFilter, "sector_tag"]
    search_fields = ["title", "id"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    actions = ["rescore"]
    fields = [
        *("title", "content", "sector_tag", "impact_tags", "scores", "words", "reality_check", "eli5_summary"),
        *("enhancement", "enhanced_by", "enhanced_at", "prompt_version", "lexicon_version", "owner", "page"),
    ]
    readonly_fields = fields[4:]

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.ask_again)
        return [path("ask-again/", view, name="stories_story_ask_again"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        without_key = Story.objects.without_key().count() if self.has_change_permission(request) else 0
        return super().changelist_view(request, {"without_key": without_key} | (extra_context or {}))

    def ask_again(self, request: HttpRequest) -> HttpResponse:
        """All stories that no model has read for want of a key: GET says what would happen, POST asks for it."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            context = {
                "has_key": asking.house_has_key(),
                "forecast": asking.forecast(Story.objects.without_key().count()),
            }
            return self.shown(request, "ask_again", "Ask again", **context)
        job = asking.ask_again(by=request.user)
        LogEntry.objects.log_actions(
            request.user.pk, [job], CHANGE, "All stories without a key asked again", single_object=True
        )
        self.message_user(request, "A job asks for them again. They are judged after the stories that are new.")
        watches = request.user.has_perm("queues.view_job")
        return redirect("admin:queues_job_change", job.pk) if watches else redirect("admin:stories_story_changelist")

    def shown(self, request: HttpRequest, name: str, title: str, **context) -> TemplateResponse:
        context |= {"title": title, "opts": self.opts}
        return TemplateResponse(request, f"admin/stories/{name}.html", self.admin_site.each_context(request) | context)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        job = Job.objects.filter(pk=OuterRef("current_job"))
        return (
            super()
            .get_queryset(request)
            .annotate(job_state=Subquery(job.values("state")), job_error=Subquery(job.values("error_kind")))
            .annotate(job_result=Subquery(job.values("result")))
        )

    @admin.display(ordering="hype_score", description="Hype: words | model")
    def hype(self, story: Story) -> str:
        return _pair(story.hype_score, story.enhanced_hype_score)

    @admin.display(ordering="ethics_score", description="Ethics: words | model")
    def ethics(self, story: Story) -> str:
        return _pair(story.ethics_score, story.enhanced_ethics_score)

    @admin.display(description="Scores: words | model")
    def scores(self, story: Story) -> str:
        return "-" if story._state.adding else f"hype {self.hype(story)}, ethics {self.ethics(story)}"

    @admin.display(description="Words behind the scores")
    def words(self, story: Story) -> str:
        lines = [(topic, line) for topic in ("hype", "ethics") for line in story.evidence.get(topic, [])]
        found = ((topic, ", ".join(line["forms"]), line["points"]) for topic, line in lines)
        return format_html_join("", "<div>{}: {} <small>{} points</small></div>", found) or "-"

    @admin.display(description="Enhancement")
    def enhancement(self, story: Story) -> str:
        state = getattr(story, "job_state", None)
        if state is None:
            return "done" if story.is_enhanced else "-"
        state = "waiting" if state == JobState.DISPATCHED else state
        if left := wording.left_unread(story.job_result):
            state, why = "not enhanced", f": {left}"
        else:
            why = f": {wording.fault(story.job_error)}" if state == JobState.FAILED else ""
        address = reverse("admin:queues_job_change", args=[story.current_job])
        return format_html('<a href="{}">{}</a>{}', address, state, why)

    @admin.display(description="Page")
    def page(self, story: Story) -> str:
        if story._state.adding:
            return "-"
        address = reverse("stories:story", args=[story.pk])
        return format_html('<a href="{}">{}</a>', address, address)

    def save_model(self, request: HttpRequest, obj: Story, form: StoryForm, change: bool) -> None:
        written = {name: form.cleaned_data[name] for name in ("title", "content", "sector_tag", "impact_tags")}
        if change:
            services.edit_story(obj.pk, **written)
        else:
            obj.pk = services.create_story(owner=request.user, **written)[0].pk
            obj._state.adding = False

    @admin.action(description="Score selected stories again", permissions=["change"])
    def rescore(self, request: HttpRequest, queryset: QuerySet) -> TemplateResponse | None:
        """Asks first: each enhancement may cost money."""
        count = queryset.count()
        if count > MOST_SELECTED:
            message = f"Nothing done: that is more than {MOST_SELECTED} stories at once."
            return self.message_user(request, message, messages.ERROR)
        if "confirmed" in request.POST:
            LogEntry.objects.log_actions(request.user.pk, queryset, CHANGE, change_message="Scored again")
            done = services.rescore(queryset)
            return self.message_user(request, f"{done} stories scored again; their enhancements are in line.")
        selected = list(queryset.values_list("pk", flat=True))
        forecast = asking.forecast(count)
        return self.shown(request, "rescore", "Score stories again", forecast=forecast, selected=selected)


def _pair(local: float, enhanced: float | None) -> str:
    return f"{local:g} | {'-' if enhanced is None else f'{enhanced:g}'}"
