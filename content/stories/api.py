"""The API of stories. The `{success, data}` envelope belongs to this workflow alone."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from content.stories import openai_test


class OpenAITestSerializer(serializers.Serializer):
    configured = serializers.BooleanField(help_text="Whether there is a key, the user's own or the house's.")
    status = serializers.CharField(help_text="ok, failed or checking.")
    reason = serializers.CharField(allow_blank=True, help_text="What is wrong and what to do.")
    errorKind = serializers.CharField(source="kind", allow_blank=True)
    latency = serializers.IntegerField(allow_null=True, help_text="Milliseconds.")
    checkedAt = serializers.DateTimeField(source="checked_at", allow_null=True)
    jobId = serializers.UUIDField(source="job.pk", allow_null=True, default=None)


class OpenAITestAnswerSerializer(serializers.Serializer):
    success = serializers.BooleanField(help_text="false when the test has failed.")
    data = OpenAITestSerializer()


class OpenAITest(APIView):
    throttle_scope = "generate"

    @extend_schema(
        summary="Does OpenAI answer with the configured key?",
        description="The cheapest call there is, made by a job of at most 10 seconds. Answers 202 while it runs: ask "
        "again after `Retry-After` seconds for what it found. The key is never shown.",
        responses={200: OpenAITestAnswerSerializer, 202: OpenAITestAnswerSerializer},
    )
    def get(self, request: Request) -> Response:
        found = openai_test.ask(request.user)
        headers = {"Cache-Control": "no-store"}
        if found.status == "checking":
            headers |= {"Location": request.path, "Retry-After": "2"}
        answer = OpenAITestAnswerSerializer({"success": found.status != "failed", "data": found})
        return Response(answer.data, status=202 if found.status == "checking" else 200, headers=headers)
