"""What a person asks with. The rules are the model's, as for the API."""

from django import forms

from content.recommendations.market.instruments import SECTORS
from content.recommendations.models.recommendation import CAPITAL, TOLERANCE, Horizon

HORIZONS = {Horizon.SHORT: "Short (1 year)", Horizon.MEDIUM: "Medium (5 years)", Horizon.LONG: "Long (10 years)"}


class RecommendationForm(forms.Form):
    """`wishes()` are the arguments of services.request_recommendations."""

    risk_tolerance = forms.IntegerField(
        label="Risk tolerance",
        help_text="From 1 (as little as possible) to 10 (a quarter up or down in a year is bearable).",
        min_value=TOLERANCE[0],
        max_value=TOLERANCE[1],
        initial=5,
    )
    capital = forms.FloatField(
        label="Capital",
        help_text="In US dollars.",
        min_value=CAPITAL[0],
        max_value=CAPITAL[1],
        widget=forms.NumberInput({"inputmode": "decimal", "step": "any"}),
    )
    time_horizon = forms.ChoiceField(
        label="Time horizon", choices=list(HORIZONS.items()), initial=Horizon.MEDIUM, widget=forms.RadioSelect
    )
    sectors = forms.MultipleChoiceField(
        label="Sectors",
        choices=[(name, name) for name in SECTORS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one sector."},
    )

    def clean_sectors(self) -> list[str]:
        return list(dict.fromkeys(self.cleaned_data["sectors"]))

    def wishes(self) -> dict:
        return self.cleaned_data
