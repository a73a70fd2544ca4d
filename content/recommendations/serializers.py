"""Requests and answers on the wire, names written as they stand there."""

import math

from rest_framework import serializers

from content.recommendations.market.instruments import SECTORS
from content.recommendations.models.recommendation import CAPITAL, MOST_SECTORS, TOLERANCE, Horizon, check_sectors
from queues.models import Worker


class WholeNumber(serializers.IntegerField):
    """A JSON integer: no text that looks like one, no 5.5, and true is no 1."""

    def to_internal_value(self, data) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class Amount(serializers.FloatField):
    """A finite JSON number."""

    def to_internal_value(self, data) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float) or not math.isfinite(data):
            self.fail("invalid")
        return super().to_internal_value(data)


class SectorNames(serializers.ListField):
    """One fault for the whole list, with the names that are known: 500 wrong names are no 500 faults."""

    child = serializers.ChoiceField(choices=SECTORS)

    def to_internal_value(self, data) -> list[str]:
        check_sectors(data)
        return data


class RecommendationWishSerializer(serializers.Serializer):
    """What a client asks with."""

    riskTolerance = WholeNumber(source="risk_tolerance", min_value=TOLERANCE[0], max_value=TOLERANCE[1])
    capitalAvailable = Amount(source="capital", min_value=CAPITAL[0], max_value=CAPITAL[1], help_text="US dollars.")
    timeHorizon = serializers.ChoiceField(source="time_horizon", choices=Horizon.values)
    sectors = SectorNames(min_length=1, max_length=MOST_SECTORS, help_text="Each once.")


class RecommendationAskedSerializer(serializers.Serializer):
    requestId = serializers.UUIDField()
    status = serializers.CharField(help_text="pending")
    message = serializers.CharField()
    estimatedTime = serializers.CharField(help_text='A range in words; "unknown" in a pause.')
    estimatedSeconds = serializers.IntegerField(allow_null=True)
    jobId = serializers.UUIDField()


class RecommendationPositionSerializer(serializers.Serializer):
    ticker = serializers.CharField(allow_null=True, help_text="null for cash.")
    name = serializers.CharField()
    sector = serializers.CharField(allow_null=True)
    kind = serializers.CharField(help_text="stock, sector fund or cash.")
    weight = serializers.FloatField(help_text="A share of 1; all of them sum to 1.")
    amount = serializers.FloatField(help_text="US dollars.")
    volatility = serializers.FloatField(help_text="Of the last five years, a year; a share of 1.")
    largestFall = serializers.FloatField(help_text="From a peak to the low after it; a share of 1.")
    expectedReturn = serializers.FloatField(help_text="Assumed, a year; a share of 1.")
    rationale = serializers.CharField()


class RecommendationPointSerializer(serializers.Serializer):
    years = serializers.FloatField()
    low = serializers.FloatField(help_text="One outcome of ten is below it.")
    median = serializers.FloatField()
    high = serializers.FloatField(help_text="One outcome of ten is above it.")


class RecommendationProjectionsSerializer(RecommendationPointSerializer):
    """The range at the horizon, and on the way there."""

    currency = serializers.CharField()
    chanceOfLoss = serializers.FloatField(help_text="Of less than the capital at the end; a share of 1.")
    expectedReturn = serializers.FloatField()
    volatility = serializers.FloatField()
    volatilityTarget = serializers.FloatField()
    percentiles = serializers.ListField(child=serializers.IntegerField())
    points = RecommendationPointSerializer(many=True)
    assumptions = serializers.ListField(child=serializers.CharField())


class RecommendationAuthorSerializer(serializers.Serializer):
    source = serializers.CharField(help_text="ai or template.")
    model = serializers.CharField(allow_null=True, help_text="provider/model; null for the template.")
    label = serializers.CharField()


class RecommendationPricesSerializer(serializers.Serializer):
    source = serializers.CharField(help_text='"sample": built-in prices of the past.')
    asOf = serializers.DateField(allow_null=True, help_text="All prices are at least as new.")
    isSample = serializers.BooleanField()


class RecommendationExcludedSerializer(serializers.Serializer):
    ticker = serializers.CharField()
    reason = serializers.CharField()


class RecommendationAnswerSerializer(serializers.Serializer):
    recommendations = RecommendationPositionSerializer(many=True)
    reasoning = serializers.CharField()
    portfolioProjections = RecommendationProjectionsSerializer()
    writtenBy = RecommendationAuthorSerializer()
    market = RecommendationPricesSerializer()
    excluded = RecommendationExcludedSerializer(many=True)
    notices = serializers.ListField(child=serializers.CharField())
    disclaimer = serializers.CharField()


class RecommendationResultSerializer(serializers.Serializer):
    requestId = serializers.UUIDField()
    status = serializers.CharField(help_text="pending, processing, completed or failed.")
    message = serializers.CharField(required=False)
    estimatedTime = serializers.CharField(required=False)
    result = RecommendationAnswerSerializer(required=False)
    error = serializers.CharField(required=False, help_text="What went wrong and what to do.")
    errorKind = serializers.CharField(required=False)
    createdAt = serializers.DateTimeField()
    updatedAt = serializers.DateTimeField()
    expiresAt = serializers.DateTimeField(allow_null=True, help_text="The result is deleted then; null while open.")


class RecommendationWorkerSerializer(serializers.Serializer):
    name = serializers.SerializerMethodField(help_text="For staff only, else null: it names the machine.")
    memoryBytes = serializers.IntegerField(source="rss")
    busy = serializers.IntegerField(help_text="Jobs of all queues that it runs.")
    slots = serializers.IntegerField()
    lastSeen = serializers.DateTimeField(source="last_seen")

    def get_name(self, worker: Worker) -> str | None:
        return worker.name if self.context.get("for_staff") else None


class RecommendationHealthSerializer(serializers.Serializer):
    status = serializers.CharField(help_text="healthy, degraded or unhealthy.")
    workerAlive = serializers.BooleanField(source="is_alive")
    depth = serializers.IntegerField(source="waiting", help_text="Requests in line.")
    active = serializers.IntegerField()
    oldestWaitingSeconds = serializers.FloatField(source="oldest", allow_null=True)
    workers = RecommendationWorkerSerializer(many=True)
