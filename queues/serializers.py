"""Jobs and queues on the wire, names written as they stand there."""

from rest_framework import serializers

from queues.models import Attempt, Job, JobEvent

SHOWN = 20  # attempts in one answer


class AttemptSerializer(serializers.ModelSerializer):
    dispatchedAt = serializers.DateTimeField(source="dispatched_at")
    startedAt = serializers.DateTimeField(source="started_at", allow_null=True)
    finishedAt = serializers.DateTimeField(source="finished_at", allow_null=True)

    class Meta:
        model = Attempt
        fields = ["number", "worker", "dispatchedAt", "startedAt", "finishedAt", "outcome", "error"]


class JobSerializer(serializers.ModelSerializer):
    state = serializers.CharField(source="public_state")
    progressTotal = serializers.IntegerField(source="total")
    subjectType = serializers.CharField(source="subject_type")
    subjectId = serializers.CharField(source="subject_id")
    attemptsMade = serializers.IntegerField(source="attempts_made")
    errorKind = serializers.CharField(source="error_kind")
    runAt = serializers.DateTimeField(source="run_at")
    createdAt = serializers.DateTimeField(source="created_at")
    startedAt = serializers.DateTimeField(source="started_at", allow_null=True)
    finishedAt = serializers.DateTimeField(source="finished_at", allow_null=True)

    class Meta:
        model = Job
        fields = [
            "id", "kind", "queue", "state", "priority", "progress", "progressTotal", "stage", "subjectType",
            "subjectId", "attemptsMade", "errorKind", "runAt", "createdAt", "startedAt", "finishedAt",
        ]  # fmt: skip


class JobDetailSerializer(JobSerializer):
    """One job with its newest attempts, place in line, the reason why it waits, and its cost."""

    result = serializers.JSONField(help_text="What the work answered; null until then, or nothing.")
    attempts = AttemptSerializer(many=True, source="tries", help_text=f"The newest {SHOWN}; all: `/attempts`.")
    attemptsStarted = serializers.IntegerField(source="attempts_started", help_text="How many there were.")
    position = serializers.IntegerField(allow_null=True)
    estimatedSeconds = serializers.IntegerField(allow_null=True)
    waitingBecause = serializers.CharField(allow_blank=True)
    cost = serializers.FloatField(allow_null=True, help_text="US dollars, all attempts; null: nobody keeps it.")

    class Meta(JobSerializer.Meta):
        own = ["result", "attempts", "attemptsStarted", "position", "estimatedSeconds", "waitingBecause", "cost"]
        fields = [*JobSerializer.Meta.fields, *own]


class JobEventSerializer(serializers.ModelSerializer):
    class Meta:
        model = JobEvent
        fields = ["id", "at", "level", "message", "data"]


class PrioritySerializer(serializers.Serializer):
    priority = serializers.IntegerField(min_value=1, max_value=10)


class PauseSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=200)
    until = serializers.DateTimeField(required=False, allow_null=True, default=None)


class QueueSerializer(serializers.Serializer):
    name = serializers.CharField()
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="By state; of what ended: 24 hours.")
    throughput = serializers.IntegerField(help_text="Completed in the last 60 minutes.")
    runMedianSeconds = serializers.FloatField(source="run_p50", allow_null=True, help_text="In the last whole hour.")
    run95Seconds = serializers.FloatField(source="run_p95", allow_null=True, help_text="95 % of them took no longer.")
    oldestWaitingSeconds = serializers.FloatField(source="oldest_waiting", allow_null=True)
    concurrency = serializers.IntegerField(allow_null=True)
    rate = serializers.ListField(child=serializers.IntegerField(), allow_null=True, help_text="[starts, seconds]")
    rateUsed = serializers.IntegerField(source="rate_used")
    paused = serializers.BooleanField()
    pausedBy = serializers.CharField(source="paused_by", allow_blank=True)
    pausedReason = serializers.CharField(source="paused_reason", allow_blank=True)
    pausedUntil = serializers.DateTimeField(source="paused_until", allow_null=True)


class CauseSerializer(serializers.Serializer):
    """What makes failed jobs a group of dead letters."""

    kind = serializers.CharField(max_length=100)
    errorKind = serializers.CharField(source="error_kind", max_length=60)
    cause = serializers.CharField(max_length=200, allow_blank=True)


class DeadLettersSerializer(CauseSerializer):
    count = serializers.IntegerField()
    first = serializers.DateTimeField(help_text="When the first of them failed.")
    last = serializers.DateTimeField()
    sampleJobId = serializers.UUIDField(source="sample", help_text="The newest of them.")


class RetryCauseSerializer(CauseSerializer):
    preview = serializers.BooleanField(help_text="true: only say what a retry would mean.")


class RetriedSerializer(serializers.Serializer):
    count = serializers.IntegerField(help_text="Dead letters with this cause.")
    estimatedSeconds = serializers.IntegerField(source="seconds", allow_null=True, help_text="Until all are done.")
    estimatedCost = serializers.FloatField(source="cost", allow_null=True, help_text="US dollars, as the last 50 cost.")
    retried = serializers.IntegerField(default=0, help_text="Jobs put back in line; 0 for a preview or a job.")
    jobId = serializers.UUIDField(default=None, allow_null=True, help_text="The job that retries a large group.")
