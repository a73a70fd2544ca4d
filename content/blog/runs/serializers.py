"""Runs on the wire; the names are those of the first clients."""

from rest_framework import serializers

from content.blog.catalogues.base import LISTINGS, MEDIA_TYPES
from content.blog.models.run import FIRST_YEAR, LAST_YEAR, MOST_A_DAY, MOST_POSTS, Mode
from content.blog.runs.progress import STATES
from content.blog.runs.wishes import LONGEST_GENRE, MOST_GENRES

# Fields of Run, where they stand on the wire.
FILTERS = {
    "min_rating": "minRating",
    "year_from": "yearFrom",
    "year_to": "yearTo",
    "include_adult": "includeAdult",
    "genres": "genres",
}
NAMES = {
    "ai_model": "aiModel",
    "mode": "mode",
    "listing": "source",
    "media_type": "mediaType",
    "count": "count",
    "auto_publish": "autoPublish",
    "daily_cap": "dailyCap",
}


class YearField(serializers.IntegerField):
    def __init__(self, **options):
        super().__init__(min_value=FIRST_YEAR, max_value=LAST_YEAR, allow_null=True, required=False, **options)


class FiltersSerializer(serializers.Serializer):
    minRating = serializers.FloatField(source="min_rating", min_value=0, max_value=10, allow_null=True, required=False)
    yearFrom = YearField(source="year_from")
    yearTo = YearField(source="year_to")
    includeAdult = serializers.BooleanField(source="include_adult", required=False)
    genres = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_GENRE),
        max_length=MOST_GENRES,
        required=False,
        help_text="Names; a title must have all of them.",
    )


class RunWishSerializer(serializers.Serializer):
    aiModel = serializers.CharField(
        source="ai_model",
        max_length=240,
        required=False,
        allow_blank=True,
        help_text='"provider/model" or its bare name; without it the one that you prefer. "template": no model at all.',
    )
    mode = serializers.ChoiceField(Mode.choices, required=False)
    source = serializers.ChoiceField(LISTINGS, required=False)
    mediaType = serializers.ChoiceField(MEDIA_TYPES, source="media_type", required=False)
    count = serializers.IntegerField(min_value=1, max_value=MOST_POSTS, required=False)
    filters = FiltersSerializer(required=False, allow_null=True)
    autoPublish = serializers.BooleanField(source="auto_publish", required=False)
    dailyCap = serializers.IntegerField(
        source="daily_cap", min_value=1, max_value=MOST_A_DAY, required=False, allow_null=True
    )

    def wishes(self) -> dict:
        """As fields of Run."""
        wanted = dict(self.validated_data)
        filters = wanted.pop("filters", None) or {}
        if "source" in wanted:
            wanted["listing"] = wanted.pop("source")
        return wanted | filters

    @staticmethod
    def under_sent_names(faults: dict) -> dict:
        """Faults by fields of Run, as this document names them."""
        told: dict = {}
        for name, messages in faults.items():
            if name in FILTERS:
                told.setdefault("filters", {})[FILTERS[name]] = messages
            else:
                told[NAMES.get(name, name)] = messages
        return told


class RunStartedSerializer(serializers.Serializer):
    jobId = serializers.UUIDField()
    status = serializers.CharField(help_text="queued")
    message = serializers.CharField()
    estimatedTime = serializers.CharField(help_text='In words: "4-9 minutes"; "unknown" in a pause.')
    estimatedSeconds = serializers.IntegerField(allow_null=True)


class RunProgressSerializer(serializers.Serializer):
    total = serializers.IntegerField(help_text="Titles: to be written about, and skipped.")
    completed = serializers.IntegerField(help_text="Posts written.")
    failed = serializers.IntegerField()
    skipped = serializers.IntegerField()
    current = serializers.SerializerMethodField(help_text="The titles in work; null when there is none.")

    def get_current(self, progress) -> str | None:
        return ", ".join(progress.current) or None


class RunLineSerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="For `after`.")
    at = serializers.DateTimeField()
    level = serializers.CharField()
    message = serializers.CharField()


class BlogMetricsSerializer(serializers.Serializer):
    waiting = serializers.IntegerField()
    active = serializers.IntegerField()
    completed = serializers.IntegerField(help_text="In the last 24 hours.")
    failed = serializers.IntegerField()
    delayed = serializers.IntegerField()


class RunStatusSerializer(serializers.Serializer):
    running = serializers.BooleanField(help_text="Also while it waits for its next round.")
    status = serializers.ChoiceField(STATES)
    jobId = serializers.UUIDField(allow_null=True, help_text="The job of the last round; null: no run, or forgotten.")
    message = serializers.CharField(allow_blank=True, help_text="What happens, or why it failed.")
    nextRunAt = serializers.DateTimeField(allow_null=True, help_text="Of a continuous run.")
    progress = RunProgressSerializer()
    logs = RunLineSerializer(many=True)
    metrics = BlogMetricsSerializer()


class StopSerializer(serializers.Serializer):
    jobId = serializers.UUIDField(required=False, allow_null=True, help_text="Without it, your own run.")
    now = serializers.BooleanField(required=False, default=False)


class StoppedSerializer(serializers.Serializer):
    status = serializers.ChoiceField(STATES)
    jobId = serializers.UUIDField()
    message = serializers.CharField()
