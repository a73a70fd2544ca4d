"""The form of the page. What is allowed is decided in wishes.py, for the page and the API alike."""

from django import forms

from aiproviders import catalogue, registry
from aiproviders.errors import ProviderError
from aiproviders.services import choose
from content.blog.models import Run
from content.blog.runs.wishes import models_on_offer, preferred_model
from content.blog.writing import TEMPLATE

FILTERS = ["min_rating", "year_from", "year_to", "genres", "include_adult"]
NAMES = ["listing", "media_type", "count", "mode", "daily_cap", "ai_model", "auto_publish", *FILTERS]
NOT_AI = "text from catalogue data, not AI"
RADIOS = {"mode": forms.RadioSelect, "media_type": forms.RadioSelect}


class RunForm(forms.Form):
    """One run; it may begin with the wishes of an earlier one."""

    def __init__(self, user, data=None, *, repeats: Run | None = None):
        initial = {"ai_model": preferred_model(user)}
        if repeats is not None:
            initial = {name: getattr(repeats, name) for name in NAMES}
            initial["genres"] = ", ".join(repeats.genres)
        super().__init__(data, initial=initial)
        self.fields |= forms.fields_for_model(Run, NAMES, widgets=RADIOS)
        self.fields["count"].help_text = "From 1 to 50; a continuous run writes so many in each round."
        self.fields["ai_model"] = forms.ChoiceField(label="Model", choices=_models(user, initial["ai_model"]))
        self.fields["genres"] = forms.CharField(
            required=False, max_length=400, help_text="Names, separated by commas; a title must have all of them."
        )

    @property
    def basics(self) -> list[forms.BoundField]:
        return [self[name] for name in NAMES if name not in FILTERS]

    @property
    def filters(self) -> list[forms.BoundField]:
        return [self[name] for name in FILTERS]

    @property
    def is_filtered(self) -> bool:
        """Whether the filters are to be seen at once."""
        return any(field.value() or field.errors for field in self.filters)

    def clean_genres(self) -> list[str]:
        return [name.strip() for name in self.cleaned_data["genres"].split(",") if name.strip()]


def _models(user, chosen: str) -> list:
    """Choices by provider; what was chosen before may stay."""
    rows = {row.name: row for row in catalogue.offered()}
    others = [name for name in sorted(models_on_offer(user) | {chosen}) if name not in rows and name != TEMPLATE]
    groups: dict[str, list] = {}
    for name, row in rows.items():
        groups.setdefault(registry.entry(row.provider).label, []).append((name, row.label))
    listed = [(name, _label(name)) for name in others]
    return [*listed, *groups.items(), (TEMPLATE, f"No model: {NOT_AI}")]


def _label(name: str) -> str:
    """A demo's says that the template writes in its place."""
    try:
        choice = choose(name)
    except ProviderError:  # its provider has gone
        return name
    return f"{choice.label}: {NOT_AI}" if choice.is_demo else choice.label
