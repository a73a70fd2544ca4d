from decimal import Decimal

from django.contrib import admin
from django.utils import timezone

from aiproviders import catalogue
from aiproviders.models import AICall, AISettings, Budget, LanguageModel
from aiproviders.models.budgets import PER_DOLLAR


class ReadOnly(admin.ModelAdmin):
    """To be read, by nobody to be written."""

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(AICall)
class AICallAdmin(ReadOnly):
    """The ledger of all attempts."""

    list_display = [
        "created_at", "provider", "model_asked", "purpose", "outcome", "input_tokens", "output_tokens", "milliseconds",
        "dollars", "user", "key_scope", "link",
    ]  # fmt: skip
    list_filter = ["provider", "outcome", "key_scope"]
    list_select_related = ["user"]
    search_fields = ["=job_id", "model_asked"]
    date_hierarchy = "created_at"
    show_full_result_count = False

    @admin.display(description="cost", ordering="cost")
    def dollars(self, row: AICall) -> str:
        return "unknown" if row.cost is None else f"${row.cost:.6f}"


@admin.register(Budget)
class BudgetAdmin(ReadOnly):
    """What was spent on each day that had a limit. Limits are set elsewhere: AI settings, AI_DAILY_LIMIT."""

    list_display = ["day", "owner", "limit_dollars", "spent_dollars", "reserved_dollars"]
    fields = list_display
    list_filter = ["day"]
    search_fields = ["=owner"]

    @admin.display(description="limit", ordering="limit")
    def limit_dollars(self, row: Budget) -> str:
        return _dollars(row.limit)

    @admin.display(description="spent", ordering="spent")
    def spent_dollars(self, row: Budget) -> str:
        return _dollars(row.spent)

    @admin.display(description="set aside for calls that have begun", ordering="reserved")
    def reserved_dollars(self, row: Budget) -> str:
        return _dollars(row.reserved)


def _dollars(units: int) -> str:
    return f"${Decimal(units) / PER_DOLLAR:.4f}"


def _price(dollars: Decimal | None) -> str:
    return "-" if dollars is None else f"${dollars.normalize():f}"


class EndFilter(admin.SimpleListFilter):
    title = "end"
    parameter_name = "end"

    def lookups(self, request, model_admin) -> list[tuple[str, str]]:
        return [("current", "Current"), ("retiring", "Retires within 30 days"), ("retired", "Retired")]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        now = timezone.now()
        return queryset.filter(pk__in=[row.pk for row in queryset if row.status(now) == self.value()])


@admin.register(LanguageModel)
class LanguageModelAdmin(admin.ModelAdmin):
    """Which models people may choose. Prices and dates follow genai-prices and the providers' own lists."""

    list_display = [
        "__str__", "end", "offered", "input_dollars", "output_dollars", "context_tokens", "seen_at",
    ]  # fmt: skip
    list_filter = [EndFilter, "offered", "provider"]
    search_fields = ["model", "label"]
    readonly_fields = ["replaced_by", "retired", "seen_at", "missing_since"]
    actions = ["offer", "hide"]

    @admin.display(description="in, per million tokens", ordering="input_price")
    def input_dollars(self, row: LanguageModel) -> str:
        return _price(row.input_price)

    @admin.display(description="out, per million tokens", ordering="output_price")
    def output_dollars(self, row: LanguageModel) -> str:
        return _price(row.output_price)

    @admin.display(description="state")
    def end(self, row: LanguageModel) -> str:
        return catalogue.notice(row, timezone.now()) or "Current"

    @admin.action(description="Offer selected models")
    def offer(self, request, queryset) -> None:
        self.message_user(request, f"{queryset.update(offered=True)} models are offered.")

    @admin.action(description="Offer selected models no more")
    def hide(self, request, queryset) -> None:
        self.message_user(request, f"{queryset.update(offered=False)} models are not offered any more.")

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(AISettings)
class AISettingsAdmin(admin.ModelAdmin):
    """What people chose; each changes only their own, on the settings page."""

    list_display = ["user", "preferred_model", "fallbacks", "daily_limit", "updated_at"]
    list_select_related = ["user"]
    search_fields = ["user__username", "preferred_model"]

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False
