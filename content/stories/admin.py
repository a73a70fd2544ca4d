"""Stories for staff: both scores side by side. All of it is written by services."""

import math

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from content.stories import services, wording
from content.stories.forms import StoryForm
from content.stories.models import Story
from queues import spending
from queues.models import Job, Queue
from queues.selectors import median_seconds
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
        context = {"title": "Score stories again", "opts": self.opts, "count": count, **_forecast(count)}
        context["selected"] = list(queryset.values_list("pk", flat=True))
        context |= self.admin_site.each_context(request)
        return TemplateResponse(request, "admin/stories/rescore.html", context)


def _pair(local: float, enhanced: float | None) -> str:
    return f"{local:g} | {'-' if enhanced is None else f'{enhanced:g}'}"


def _forecast(count: int) -> dict:
    """How long so many enhancements take at the queue's limits, in seconds, and what they cost; None if unknown."""
    median, price = median_seconds(services.ENHANCE), spending.mean(services.ENHANCE)
    at_once = Queue.objects.policy_of("stories")["concurrency"] or 10
    seconds = None if median is None else round(median * math.ceil(count / at_once)) or 1
    return {"seconds": seconds, "cost": None if price is None else price * count}
