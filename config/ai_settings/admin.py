"""Staff's view of all keys: add the house's, replace, check, remove; never read."""

from django import forms
from django.contrib import admin

from aiproviders import checks, keys, registry, vault
from aiproviders.models import AIKey
from aiproviders.secret import MOST_CHARACTERS, InvalidKey, clean_key
from config.ai_settings import checking


class AIKeyForm(forms.ModelForm):
    """`key` goes in and is shown to nobody, not even after an error."""

    provider = forms.ChoiceField()
    key = forms.CharField(
        max_length=MOST_CHARACTERS,
        widget=forms.PasswordInput({"autocomplete": "off", "spellcheck": "false"}, render_value=False),
        help_text="Stored sealed. It is not shown again.",
        error_messages={"max_length": f"The key is longer than {MOST_CHARACTERS} characters."},
    )

    class Meta:
        model = AIKey
        fields = ["provider"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "provider" in self.fields:
            choices = [(name, registry.entry(name).label) for name in keys.accounts()]
            # Somebody may paste the key here: the usual message repeats what was sent.
            self.fields["provider"].error_messages["invalid_choice"] = "Choose one of the providers."
            self.fields["provider"].choices = choices

    def clean_key(self) -> str:
        try:
            return clean_key(self.cleaned_data["key"]).reveal()
        except InvalidKey as error:
            raise forms.ValidationError(str(error)) from None

    def clean_provider(self) -> str:
        provider = self.cleaned_data["provider"]
        if keys.has_own(provider, user=None):
            raise forms.ValidationError("The house has a key for this provider already: replace that one.")
        return provider


@admin.register(AIKey)
class AIKeyAdmin(admin.ModelAdmin):
    form = AIKeyForm
    list_display = ["provider", "whose", "ends_in", "state", "last_checked_at", "last_used_at", "added_at"]
    list_display_links = ["provider", "whose"]
    list_filter = ["provider", "last_error_kind"]
    list_select_related = ["user"]
    search_fields = ["user__username"]
    actions = ["check_keys"]

    def get_fields(self, request, obj=None) -> list[str]:
        if obj is None:
            return ["provider", "key"]
        known = ["provider", "whose", "ends_in", "added_at", "last_used_at", "last_checked_at", "last_ok_at", "state"]
        return [*known, "key"] if self.has_change_permission(request, obj) else known

    def get_readonly_fields(self, request, obj=None) -> list[str]:
        return [] if obj is None else [name for name in self.get_fields(request, obj) if name != "key"]

    def save_model(self, request, obj: AIKey, form: AIKeyForm, change: bool) -> None:
        obj.pk = keys.save(obj.provider, form.cleaned_data["key"], user=obj.user).pk
        obj.refresh_from_db()

    @admin.display(description="owner")
    def whose(self, row: AIKey) -> str:
        return str(row.user) if row.user else "the house"

    @admin.display(description="ends in")
    def ends_in(self, row: AIKey) -> str:
        return row.last_four

    @admin.display
    def state(self, row: AIKey) -> str:
        """What is wrong with it; whether it can be read is tried now."""
        try:
            keys.secret_of(row)
        except vault.Unreadable as error:
            return f"Cannot be read: {error}."
        if row.last_error_kind:
            return checks.advice(row.last_error_kind)
        return "Works" if row.last_ok_at else "Not checked yet"

    @admin.action(description="Check selected keys", permissions=["change"])
    def check_keys(self, request, queryset) -> None:
        for row in queryset.select_related("user"):
            checking.request_check(row.provider, user=row.user, asked_by=request.user)
        self.message_user(request, "Being checked. Look again in some seconds.")
