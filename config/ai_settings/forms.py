"""The forms of the page. What is allowed is decided in changes.py, for the page and the API alike."""

from django import forms

from aiproviders.secret import MOST_CHARACTERS
from config.ai_settings.changes import Wishes
from config.ai_settings.overview import Overview

SLOTS = 3
ORDER = ("First", "Then", "Then")


class NumberOnly(forms.NumberInput):
    """Shows a number again after an error, and nothing else: a key may have been pasted into the wrong field."""

    def format_value(self, value):
        text = super().format_value(value)
        return text if text and text.isascii() and text.replace(".", "", 1).lstrip("-").isdigit() else None


class ChoicesForm(forms.Form):
    """Preferred model, fallbacks in their order, daily limit."""

    preferred_model = forms.CharField(required=False, max_length=240)
    daily_limit = forms.DecimalField(
        label="Daily limit in US dollars",
        help_text="Calls that could cost more do not start. Empty: no limit of your own. The day is a UTC day.",
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
        widget=NumberOnly({"inputmode": "decimal", "step": "0.01", "min": "0"}),
    )

    def __init__(self, now: Overview, data=None):
        super().__init__(data, initial={"preferred_model": now.preferred_model, "daily_limit": now.daily_limit})
        groups: dict[str, list] = {}
        for line in now.models:
            groups.setdefault(line.provider_name, []).append((line.row.name, line.row.label))
        known = {line.row.name for line in now.models}
        for number in range(max(SLOTS, len(now.fallbacks))):
            chosen = now.fallbacks[number] if number < len(now.fallbacks) else ""
            kept = [(chosen, chosen)] if chosen and chosen not in known else []
            self.fields[f"fallback_{number}"] = forms.CharField(
                label=ORDER[min(number, 2)],
                required=False,
                max_length=240,
                initial=chosen,
                widget=forms.Select(choices=[("", "None"), *kept, *groups.items()]),
            )

    @property
    def fallbacks(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("fallback_")]

    def wishes(self) -> Wishes:
        data = self.cleaned_data
        return Wishes(
            given={"preferred_model", "fallbacks", "daily_limit"},
            preferred_model=data["preferred_model"],
            fallbacks=[data[field.name] for field in self.fallbacks if data[field.name]],
            daily_limit=data["daily_limit"],
        )


class KeyForm(forms.Form):
    """One key. Never shown again, not even after an error."""

    key = forms.CharField(
        label="Key",
        required=False,
        strip=True,
        max_length=MOST_CHARACTERS,
        widget=forms.PasswordInput(
            {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}, render_value=False
        ),
        error_messages={"max_length": f"The key is longer than {MOST_CHARACTERS} characters."},
    )

    def __init__(self, provider: str, data=None):
        super().__init__(data, auto_id=f"{provider}-%s")
