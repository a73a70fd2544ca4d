"""AI settings on the wire, names written as they stand there. Keys only ever come in."""

from rest_framework import serializers

from aiproviders.secret import MOST_CHARACTERS
from config.ai_settings import changes
from config.ai_settings.changes import Wishes

FIELDS = {
    "preferred_model": "preferredModel",
    "fallbacks": "fallbacks",
    "daily_limit": "dailyLimit",
    "keys": "keys",
}
# The users' documents call them so; they mean the same.
KEYS_BY_THEIR_NAMES = {"openaiApiKey": "openai", "anthropicApiKey": "anthropic", "geminiApiKey": "google"}


class KeyField(serializers.CharField):
    def __init__(self, **options):
        super().__init__(
            write_only=True,
            allow_null=True,
            allow_blank=True,
            max_length=MOST_CHARACTERS,
            trim_whitespace=True,
            style={"input_type": "password"},
            **options,
        )


class KeysField(serializers.DictField):
    """Looks at the names first: the usual errors repeat them, and somebody may have sent a key as a name."""

    def to_internal_value(self, data):
        if isinstance(data, dict) and (fault := changes.fault_of_names(data)):
            raise serializers.ValidationError({"unknown": [fault]})
        return super().to_internal_value(data)


class AISettingsChangeSerializer(serializers.Serializer):
    """Types only; what may be chosen is for changes.py. A field that is absent stays as it is."""

    preferredModel = serializers.CharField(
        required=False,
        allow_null=True,
        allow_blank=True,
        max_length=240,
        help_text='"provider/model" of the list `models`; empty or null: the house\'s choice.',
    )
    keys = KeysField(
        child=KeyField(), required=False, write_only=True, help_text="By provider. Empty: keep; null: remove."
    )
    fallbacks = serializers.ListField(
        child=serializers.CharField(max_length=240),
        required=False,
        max_length=50,
        help_text="Models to try next, in this order.",
    )
    dailyLimit = serializers.DecimalField(
        required=False,
        allow_null=True,
        max_digits=10,
        decimal_places=2,
        min_value=0,
        help_text="US dollars a day (UTC); null: no limit of the user's own.",
    )
    preferredAiModel = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, max_length=240, help_text="The same as preferredModel."
    )
    openaiApiKey = KeyField(required=False, help_text='The same as keys["openai"].')
    anthropicApiKey = KeyField(required=False, help_text='The same as keys["anthropic"].')
    geminiApiKey = KeyField(required=False, help_text='The same as keys["google"].')

    def wishes(self) -> Wishes:
        """What is asked for, after is_valid()."""
        data = self.validated_data
        keys = {provider: data[name] for name, provider in KEYS_BY_THEIR_NAMES.items() if name in data}
        model = next((data[name] for name in ("preferredModel", "preferredAiModel") if name in data), None)
        given = {field for field, name in FIELDS.items() if name in data}
        return Wishes(
            given=given | ({"preferred_model"} if "preferredAiModel" in data else set()),
            preferred_model=model or "",
            fallbacks=data.get("fallbacks", []),
            daily_limit=data.get("dailyLimit"),
            keys=keys | data.get("keys", {}),
        )

    def under_sent_names(self, faults: dict) -> dict:
        """What changes.py refused, by the names that were sent."""
        named, sent = {FIELDS[field]: fault for field, fault in faults.items()}, self.validated_data
        if "preferredModel" in named and "preferredModel" not in sent:
            named["preferredAiModel"] = named.pop("preferredModel")
        by_provider = dict(named.pop("keys", {}))
        for name, provider in KEYS_BY_THEIR_NAMES.items():
            if provider in by_provider and provider not in sent.get("keys", {}):
                named[name] = by_provider.pop(provider)
        return named | ({"keys": by_provider} if by_provider else {})


class AIModelSerializer(serializers.Serializer):
    id = serializers.CharField(source="row.name", help_text="What preferredModel and fallbacks take.")
    provider = serializers.CharField(source="row.provider")
    providerName = serializers.CharField(source="provider_name")
    label = serializers.CharField(source="row.label")
    contextTokens = serializers.IntegerField(source="row.context_tokens", allow_null=True)
    inputPrice = serializers.DecimalField(
        source="row.input_price", max_digits=12, decimal_places=6, allow_null=True, help_text="US dollars per million."
    )
    outputPrice = serializers.DecimalField(
        source="row.output_price", max_digits=12, decimal_places=6, allow_null=True, help_text="US dollars per million."
    )
    status = serializers.CharField(help_text="current or retiring (within 30 days).")
    retiresOn = serializers.DateField(source="row.retires_on", allow_null=True)
    notice = serializers.CharField(allow_blank=True)
    usable = serializers.BooleanField(help_text="Whether there is a key for it, the user's own or the house's.")


class AIKeySerializer(serializers.Serializer):
    """`row` is absent when there is no key: all that depends on it is null then."""

    provider = serializers.CharField()
    providerName = serializers.CharField(source="name")
    isSet = serializers.SerializerMethodField()
    lastFour = serializers.CharField(source="row.last_four", default=None, allow_null=True)
    addedAt = serializers.DateTimeField(source="row.added_at", default=None, allow_null=True)
    lastUsedAt = serializers.DateTimeField(source="row.last_used_at", default=None, allow_null=True)
    check = serializers.ChoiceField(["none", "unchecked", "checking", "ok", "failed"])
    lastCheckedAt = serializers.DateTimeField(source="row.last_checked_at", default=None, allow_null=True)
    errorKind = serializers.CharField(source="row.last_error_kind", default="", allow_blank=True)
    advice = serializers.CharField(allow_blank=True, help_text="What is wrong and what to do.")
    housePays = serializers.BooleanField(source="house_pays", help_text="The house's key is used instead.")

    def get_isSet(self, line) -> bool:  # noqa: N802
        return line.row is not None


class HouseModelSerializer(serializers.Serializer):
    id = serializers.CharField(source="*")
    label = serializers.CharField()
    isDemo = serializers.BooleanField(source="is_demo")


class AISettingsSerializer(serializers.Serializer):
    preferredModel = serializers.CharField(source="preferred_model", allow_blank=True)
    houseModel = HouseModelSerializer(source="house_model", help_text="Writes when preferredModel is empty.")
    fallbacks = serializers.ListField(child=serializers.CharField())
    dailyLimit = serializers.DecimalField(
        source="daily_limit", max_digits=10, decimal_places=2, allow_null=True, help_text="US dollars."
    )
    spentToday = serializers.DecimalField(
        source="spent_today",
        max_digits=16,
        decimal_places=8,
        help_text="US dollars since midnight UTC, if all is known.",
    )
    models = AIModelSerializer(many=True)
    keys = AIKeySerializer(many=True)
    notices = serializers.ListField(child=serializers.CharField())
