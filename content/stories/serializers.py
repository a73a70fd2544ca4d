"""Stories and their jobs on the wire, names written as they stand there, in the envelope of this workflow."""

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from content.stories.models import LONGEST_CONTENT, LONGEST_TAG, MOST_TAGS, Story
from content.stories.selectors import JOB_PREFIX
from content.texts.fields import Text
from queues.models import Job
from queues.states import OPEN, JobState


class StoryWordSerializer(serializers.Serializer):
    word = serializers.CharField(help_text="As the lexicon has it.")
    forms = serializers.ListField(child=serializers.CharField(), help_text="As the story has it.")
    count = serializers.IntegerField()
    negated = serializers.IntegerField(help_text="Times it was negated, which gives no points.")
    points = serializers.IntegerField()


class StoryEvidenceSerializer(serializers.Serializer):
    hype = StoryWordSerializer(many=True)
    ethics = StoryWordSerializer(many=True)


class EnhancedScoresSerializer(serializers.Serializer):
    hypeScore = serializers.FloatField(source="enhanced_hype_score")
    ethicsScore = serializers.FloatField(source="enhanced_ethics_score")
    realityCheck = serializers.CharField(source="reality_check")
    eli5Summary = serializers.CharField(source="eli5_summary")


class StoryWishSerializer(serializers.ModelSerializer):
    """What a client may write."""

    title = Text(max_length=200)
    content = Text(max_length=LONGEST_CONTENT)
    sectorTag = Text(source="sector_tag", max_length=60, required=False, allow_blank=True)
    impactTags = serializers.ListField(
        source="impact_tags", child=Text(max_length=LONGEST_TAG), max_length=MOST_TAGS, required=False
    )

    class Meta:
        model = Story
        fields = ["title", "content", "sectorTag", "impactTags"]


class StorySerializer(StoryWishSerializer):
    impactTags = serializers.SlugRelatedField(source="tags", slug_field="name", many=True, read_only=True)
    hypeScore = serializers.FloatField(source="hype_score", help_text="0 to 10, by the words of the story alone.")
    ethicsScore = serializers.FloatField(source="ethics_score", help_text="0 to 10, by the words of the story alone.")
    evidence = StoryEvidenceSerializer()
    lexiconVersion = serializers.CharField(source="lexicon_version")
    enhancedScores = serializers.SerializerMethodField()
    realityCheck = serializers.SerializerMethodField()
    eli5Summary = serializers.SerializerMethodField()
    enhancedBy = serializers.CharField(source="enhanced_by", help_text="provider/model; empty while not enhanced.")
    enhancedAt = serializers.DateTimeField(source="enhanced_at", allow_null=True)
    jobId = serializers.SerializerMethodField(help_text="For GET /api/stories/scoring/job/{jobId}.")
    createdAt = serializers.DateTimeField(source="created_at")
    updatedAt = serializers.DateTimeField(source="updated_at")

    class Meta:
        model = Story
        fields = [
            "id", "title", "content", "sectorTag", "impactTags", "hypeScore", "ethicsScore", "evidence",
            "lexiconVersion", "realityCheck", "eli5Summary", "enhancedScores", "enhancedBy", "enhancedAt", "jobId",
            "createdAt", "updatedAt",
        ]  # fmt: skip
        read_only_fields = fields

    def get_enhancedScores(self, story: Story) -> EnhancedScoresSerializer(allow_null=True):  # noqa: N802
        return EnhancedScoresSerializer(story).data if story.is_enhanced else None

    def get_realityCheck(self, story: Story) -> str | None:  # noqa: N802
        return story.reality_check or None

    def get_eli5Summary(self, story: Story) -> str | None:  # noqa: N802
        return story.eli5_summary or None

    def get_jobId(self, story: Story) -> str:  # noqa: N802
        return f"{JOB_PREFIX}{story.pk}"


class StoryResultSerializer(serializers.Serializer):
    success = serializers.BooleanField()
    storyId = serializers.UUIDField()
    enhancedScores = serializers.DictField(allow_null=True, help_text="hypeScore, ethicsScore, realityCheck, ...")
    processingTime = serializers.IntegerField(allow_null=True, help_text="Milliseconds.")
    errorKind = serializers.CharField(required=False, help_text="Why it has none; `no_key` if the job has completed.")


class StoryJobSerializer(serializers.Serializer):
    id = serializers.SerializerMethodField()
    storyId = serializers.CharField(source="subject_id")
    status = serializers.CharField(
        source="public_state", help_text="waiting, delayed, active, completed, failed or cancelled."
    )
    result = serializers.SerializerMethodField(help_text="null while the job is open.")
    attemptsMade = serializers.IntegerField(source="attempts_made")
    errorKind = serializers.CharField(source="error_kind", help_text="Of the last try, if that failed.")
    createdAt = serializers.DateTimeField(source="created_at")
    updatedAt = serializers.SerializerMethodField()

    def get_id(self, job: Job) -> str:
        return self.context.get("asked_for") or f"{JOB_PREFIX}{job.subject_id}"

    def get_result(self, job: Job) -> StoryResultSerializer(allow_null=True):
        if job.state == JobState.COMPLETED:
            return job.result
        if job.state in OPEN:
            return None
        nothing = {"success": False, "storyId": job.subject_id, "enhancedScores": None, "processingTime": None}
        # The kind only: a provider's own words are for staff.
        return nothing | {"errorKind": job.error_kind or str(job.state)}

    def get_updatedAt(self, job: Job) -> serializers.DateTimeField():  # noqa: N802
        moment = job.finished_at or job.started_at or job.created_at
        return serializers.DateTimeField().to_representation(moment)


class StoryStatsSerializer(serializers.Serializer):
    totalJobs = serializers.IntegerField(source="total")
    pendingJobs = serializers.IntegerField(source="pending", help_text="Waiting, delayed and active.")
    completedJobs = serializers.IntegerField(source="completed", help_text="The last 100 are kept.")
    failedJobs = serializers.IntegerField(source="failed", help_text="The last 50 are kept.")
    openAIConfigured = serializers.BooleanField(source="openai_configured")
    queueSize = serializers.IntegerField(source="in_line", help_text="Not started: waiting and delayed.")


class StoryAskedSerializer(serializers.Serializer):
    status = serializers.CharField()
    message = serializers.CharField()
    storyId = serializers.UUIDField()
    jobId = serializers.CharField()
    estimatedTime = serializers.CharField(help_text='A range in words; "unknown" in a pause, say.')
    estimatedSeconds = serializers.IntegerField(allow_null=True)


class StoryFilterSerializer(serializers.Serializer):
    """The query of a list."""

    sectorTag = serializers.CharField(source="sector_tag", required=False, max_length=60)
    impactTags = serializers.CharField(
        required=False, max_length=400, help_text="Comma-separated: stories that have all of them."
    )
    minHypeScore = serializers.FloatField(source="hype_score__gte", required=False, min_value=0, max_value=10)
    maxHypeScore = serializers.FloatField(source="hype_score__lte", required=False, min_value=0, max_value=10)
    minEthicsScore = serializers.FloatField(source="ethics_score__gte", required=False, min_value=0, max_value=10)
    maxEthicsScore = serializers.FloatField(source="ethics_score__lte", required=False, min_value=0, max_value=10)
    enhanced = serializers.ChoiceField(choices=["true", "false"], required=False)

    def to_internal_value(self, data) -> dict:
        found = super().to_internal_value(data)
        tags, enhanced = found.pop("impactTags", ""), found.pop("enhanced", None)
        found["tags"] = tuple(tag.strip() for tag in tags.split(",") if tag.strip())
        return found | {"enhanced": None if enhanced is None else enhanced == "true"}


def enveloped(title: str, **fields: serializers.Field) -> serializers.Serializer:
    """The envelope `{"success": true, "data": {...}}` around `fields`, for the API's documentation."""
    data = inline_serializer(f"{title}Data", fields)
    return inline_serializer(f"{title}Answer", {"success": serializers.BooleanField(), "data": data})
