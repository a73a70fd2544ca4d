"""Commentary on the wire; the names are those of the first clients."""

from rest_framework import serializers

from content.articles.models import Source
from queues.stats import PUBLIC_STATES

MOST_ARTICLES = 100


class StatusSerializer(serializers.Serializer):
    ready = serializers.BooleanField()
    commentary = serializers.CharField(allow_null=True)
    generatedAt = serializers.DateTimeField(allow_null=True)
    source = serializers.ChoiceField(Source.values, allow_null=True, help_text="fallback: an extract, not AI.")
    jobId = serializers.UUIDField(required=False, help_text="This and the rest: while a job is open.")
    state = serializers.ChoiceField(PUBLIC_STATES, required=False)
    progress = serializers.IntegerField(required=False, help_text="Per cent.")
    position = serializers.IntegerField(required=False, allow_null=True, help_text="Place in line, 1 is next.")

    def to_representation(self, instance: dict) -> dict:
        """DRF would show a place in no line."""
        return {name: value for name, value in super().to_representation(instance).items() if name in instance}


class ReadySerializer(serializers.Serializer):
    status = serializers.CharField(help_text="ready")
    commentary = serializers.CharField()
    generatedAt = serializers.DateTimeField()
    source = serializers.ChoiceField(Source.values)


class QueuedSerializer(serializers.Serializer):
    status = serializers.CharField(help_text="queued")
    message = serializers.CharField()
    articleId = serializers.UUIDField()
    jobId = serializers.UUIDField()
    estimatedWaitTime = serializers.CharField(help_text='In words: "10-30 seconds"; "unknown" in a pause.')
    estimatedSeconds = serializers.IntegerField(allow_null=True)


class BatchRequestSerializer(serializers.Serializer):
    articleIds = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST_ARTICLES)


class BatchEntrySerializer(serializers.Serializer):
    articleId = serializers.UUIDField()
    status = serializers.CharField(help_text="ready or queued")
    jobId = serializers.UUIDField(allow_null=True)


class BatchSerializer(serializers.Serializer):
    status = serializers.CharField(help_text="ready when nothing is to be written, else queued")
    message = serializers.CharField()
    jobId = serializers.UUIDField(allow_null=True, help_text="Ends when all are written; its progress counts them.")
    estimatedWaitTime = serializers.CharField(allow_null=True)
    estimatedSeconds = serializers.IntegerField(allow_null=True)
    articles = BatchEntrySerializer(many=True)


class CountsSerializer(serializers.Serializer):
    waiting = serializers.IntegerField()
    active = serializers.IntegerField()
    completed = serializers.IntegerField(help_text="In the last 24 hours.")
    failed = serializers.IntegerField()
    delayed = serializers.IntegerField()


class UpcomingSerializer(serializers.Serializer):
    jobId = serializers.UUIDField()
    articleId = serializers.UUIDField(allow_null=True)
    title = serializers.CharField()
    priority = serializers.IntegerField()
    position = serializers.IntegerField()


class QueueStatsSerializer(serializers.Serializer):
    counts = CountsSerializer()
    health = serializers.ChoiceField(["healthy", "degraded", "unhealthy"])
    upcomingJobs = UpcomingSerializer(many=True)


class CacheStatsSerializer(serializers.Serializer):
    available = serializers.BooleanField(help_text="false while Redis is away; nothing fails then.")
    hits = serializers.IntegerField()
    misses = serializers.IntegerField()
    hitRate = serializers.FloatField(source="hit_rate", allow_null=True, help_text="From 0 to 1.")
    byKind = serializers.DictField(source="by_kind", child=serializers.DictField(child=serializers.IntegerField()))
    keys = serializers.DictField(child=serializers.IntegerField(), help_text="Number of keys by pattern.")
    memory = serializers.IntegerField(allow_null=True, help_text="Bytes that Redis uses.")
    ttl = serializers.DictField(child=serializers.IntegerField(), help_text="Seconds, by kind.")


class PartSerializer(serializers.Serializer):
    ok = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)


class HealthSerializer(serializers.Serializer):
    status = serializers.CharField(help_text="ok or failed")
    checks = serializers.DictField(child=PartSerializer())


class ResultsSerializer(serializers.Serializer):
    variant = serializers.CharField()
    written = serializers.IntegerField(help_text="By a model.")
    fromCache = serializers.IntegerField(source="from_cache")
    fallbacks = serializers.IntegerField()
    successRate = serializers.FloatField(source="success_rate", allow_null=True)
    secondsP50 = serializers.FloatField(source="p50", allow_null=True)
    secondsP95 = serializers.FloatField(source="p95", allow_null=True)
    cost = serializers.DecimalField(16, 8, help_text="US dollars, failed tries too.")
    views = serializers.IntegerField()
    helpful = serializers.IntegerField()
    notHelpful = serializers.IntegerField(source="not_helpful")


class AnalyticsSerializer(serializers.Serializer):
    days = serializers.IntegerField()
    all = ResultsSerializer()
    variants = ResultsSerializer(many=True)


class VoteSerializer(serializers.Serializer):
    helpful = serializers.BooleanField()
