"""Bodies of what can be done with an order: types only, the services say what is allowed."""

from rest_framework import serializers

from orders.models import Priority
from orders.notes import LONGEST

LONGEST_BODY = 20_000  # characters; what is too long for a service shall be told so by it


class Notes(serializers.CharField):
    def __init__(self, **options):
        super().__init__(**{"allow_blank": True, "trim_whitespace": False, "max_length": LONGEST_BODY} | options)


class RequestRevisionSerializer(serializers.Serializer):
    orderId = serializers.UUIDField()
    revisionNotes = Notes(help_text=f"10 to {LONGEST} characters.")
    versionId = serializers.UUIDField(
        required=False, allow_null=True, help_text="The version that the notes are about; refused if it is not current."
    )


class RevisionRequestedSerializer(serializers.Serializer):
    status = serializers.ChoiceField(["queued"])
    message = serializers.CharField()
    jobId = serializers.UUIDField()
    revisionId = serializers.UUIDField()
    estimatedTime = serializers.CharField(help_text='A range in words; "unknown" in a pause, say.')
    estimatedSeconds = serializers.IntegerField(allow_null=True)


class SubmitForReviewSerializer(serializers.Serializer):
    orderId = serializers.UUIDField()
    versionId = serializers.UUIDField()


class SubmittedSerializer(serializers.Serializer):
    reviewId = serializers.UUIDField()


class CancelSerializer(serializers.Serializer):
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=1000)


class ChangeSerializer(serializers.Serializer):
    op = serializers.ChoiceField(["equal", "delete", "insert"])
    text = serializers.CharField()


class DiffSerializer(serializers.Serializer):
    """Without the inserts it is the Markdown of `from`, without the deletes that of `to`."""

    changes = ChangeSerializer(many=True)

    def get_fields(self):
        numbers = {"from": serializers.IntegerField(), "to": serializers.IntegerField()}
        return numbers | super().get_fields()


class ApproveSerializer(serializers.Serializer):
    versionId = serializers.UUIDField(
        source="version_id", help_text="The version that was read; refused if it is not current."
    )
    publishAt = serializers.DateTimeField(source="publish_at", required=False, allow_null=True, default=None)
    note = Notes(required=False, default="", max_length=LONGEST)


class NoteSerializer(serializers.Serializer):
    note = Notes(help_text=f"At most {LONGEST} characters.")


class NothingSerializer(serializers.Serializer):
    """Nothing is asked."""


class ClaimSerializer(serializers.Serializer):
    takeOver = serializers.BooleanField(
        source="take_over", required=False, default=False, help_text="Also when somebody else has claimed it."
    )


class RequeueSerializer(serializers.Serializer):
    model = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=240, help_text='"provider/model"; empty: the usual.'
    )


class RefundOrderSerializer(serializers.Serializer):
    amount = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=2**31 - 1, help_text="Empty: all of it."
    )
    note = Notes(required=False, default="", max_length=LONGEST)


class OrderPrioritySerializer(serializers.Serializer):
    priority = serializers.ChoiceField(Priority.values)


class ScheduleSerializer(serializers.Serializer):
    publishAt = serializers.DateTimeField(source="publish_at", allow_null=True, help_text="null: back into review.")
    versionId = serializers.UUIDField(
        source="version_id",
        required=False,
        allow_null=True,
        default=None,
        help_text="Needed while the order waits for review.",
    )
