"""The API of stories. The `{success, data}` envelope belongs to this workflow alone.

Whoever knows a story's id may read it and its job, as on its page; listing and changing is for its owner and staff.
"""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions, generics, serializers, status
from rest_framework.permissions import AllowAny, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from content.stories import openai_test, selectors, services
from content.stories.models import Story
from content.stories.serializers import (
    StoryAskedSerializer,
    StoryFilterSerializer,
    StoryJobSerializer,
    StorySerializer,
    StoryStatsSerializer,
    StoryWishSerializer,
    enveloped,
)
from content.texts.durations import in_words
from queues.models import Job
from queues.selectors import estimated_seconds

STORY = enveloped("Story", story=StorySerializer())
STORIES = enveloped(
    "Stories",
    results=StorySerializer(many=True),
    next=serializers.URLField(allow_null=True),
    previous=serializers.URLField(allow_null=True),
)
ASKED = enveloped("StoryEnhancement", enhancement=StoryAskedSerializer())
JOB = enveloped("StoryJob", job=StoryJobSerializer())
STATS = enveloped("StoryStats", stats=StoryStatsSerializer())
LIMIT = OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 50})
WRONG = OpenApiResponse(description="`errors` says which field is wrong. Nothing is stored.")
UNKNOWN = OpenApiResponse(description="There is no such story, or it is not yours.")
NO_JOB = OpenApiResponse(description="There is no such job, or not any more: the last 100 completed ones are kept.")
STORY_ID = OpenApiParameter("story_id", OpenApiTypes.UUID, OpenApiParameter.PATH)
JOB_ID = OpenApiParameter(
    "job_id",
    {"type": "string", "pattern": r"^(story-enhancement-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
    OpenApiParameter.PATH,
    description="story-enhancement-<id of the story>, or the job's own id",
)


def _answer(data: dict, **options) -> Response:
    return Response({"success": True, "data": data}, **options)


class StoryList(generics.GenericAPIView):
    serializer_class = StorySerializer
    queryset = Story.objects.none()
    throttle_scope = "generate"

    @extend_schema(
        operation_id="stories_list",
        summary="Own stories (staff: all), newest first",
        parameters=[StoryFilterSerializer, OpenApiParameter("cursor", str), LIMIT],
        responses={200: STORIES, 400: WRONG},
    )
    def get(self, request: Request) -> Response:
        asked = StoryFilterSerializer(data=request.query_params.dict())  # empty is no value, as in JSON
        asked.is_valid(raise_exception=True)
        page = self.paginate_queryset(selectors.stories(request.user, **asked.validated_data))
        listed = self.get_paginated_response(StorySerializer(page, many=True).data)
        return _answer(listed.data)

    @extend_schema(
        summary="Create a story: local scores at once, its enhancement is queued",
        request=StoryWishSerializer,
        responses={201: STORY, 400: WRONG},
    )
    def post(self, request: Request) -> Response:
        wish = StoryWishSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        story, _ = services.create_story(owner=request.user, **wish.validated_data)
        headers = {"Location": f"/api/stories/{story.pk}"}
        return _answer({"story": StorySerializer(story).data}, status=status.HTTP_201_CREATED, headers=headers)


class StoryDetail(APIView):
    permission_classes = [IsAuthenticatedOrReadOnly]
    throttle_scope, anonymous_throttle_scope = "generate", "lookup"

    @extend_schema(
        summary="One story: text, both scores, the words found",
        parameters=[STORY_ID],
        responses={200: STORY, 404: UNKNOWN},
    )
    def get(self, request: Request, story_id: str) -> Response:
        return _answer({"story": StorySerializer(_story(story_id)).data})

    @extend_schema(
        summary="Change a story; a new text is scored anew",
        parameters=[STORY_ID],
        request=StoryWishSerializer(partial=True),
        responses={200: STORY, 400: WRONG, 404: UNKNOWN},
    )
    def patch(self, request: Request, story_id: str) -> Response:
        story = _own_story(request, story_id)
        wish = StoryWishSerializer(story, data=request.data, partial=True)
        wish.is_valid(raise_exception=True)
        try:
            services.edit_story(story.pk, **wish.validated_data)
        except Story.DoesNotExist:  # deleted meanwhile
            raise exceptions.NotFound from None
        return _answer({"story": StorySerializer(_story(story_id)).data})


class Enhance(APIView):
    throttle_scope = "generate"

    @extend_schema(
        summary="Ask for the enhancement again, after it has failed say",
        parameters=[STORY_ID],
        request=None,
        responses={
            200: OpenApiResponse(STORY, description="It is enhanced already; nothing is done."),
            202: OpenApiResponse(ASKED, description="Asked, or open already."),
            404: UNKNOWN,
        },
    )
    def post(self, request: Request, story_id: str) -> Response:
        story = _own_story(request, story_id)
        if story.is_enhanced:
            return _answer({"story": StorySerializer(story).data})
        job = services.request_enhancement(story)
        seconds = estimated_seconds(job)
        job_id = f"{selectors.JOB_PREFIX}{story.pk}"
        asked = {
            "status": job.public_state,
            "message": "The story is in line for its enhancement.",
            "storyId": story.pk,
            "jobId": job_id,
            "estimatedTime": in_words(seconds),
            "estimatedSeconds": seconds,
        }
        headers = {"Location": f"/api/stories/scoring/job/{job_id}", "Retry-After": "2"}
        return _answer({"enhancement": StoryAskedSerializer(asked).data}, status=202, headers=headers)


class ScoringJob(APIView):
    permission_classes = [AllowAny]
    throttle_scope, anonymous_throttle_scope = "read", "lookup"

    @extend_schema(
        summary="How the enhancement of a story is doing",
        parameters=[JOB_ID],
        responses={200: JOB, 404: NO_JOB},
    )
    def get(self, request: Request, job_id: str) -> Response:
        job: Job | None = selectors.job_by_id(job_id)
        if job is None:
            raise exceptions.NotFound
        told = StoryJobSerializer(job, context={"asked_for": job_id}).data
        return _answer({"job": told}, headers={"Cache-Control": "no-store"})


class ScoringStats(APIView):
    permission_classes = [AllowAny]
    throttle_scope, anonymous_throttle_scope = "read", "lookup"

    @extend_schema(summary="How many enhancements there are", responses=STATS)
    def get(self, request: Request) -> Response:
        return _answer({"stats": StoryStatsSerializer(selectors.stats(request.user)).data})


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
    permission_classes = [AllowAny]
    throttle_scope, anonymous_throttle_scope = "generate", "lookup"

    @extend_schema(
        summary="Does OpenAI answer with the configured key?",
        description="The cheapest call there is, made by a job of at most 10 seconds. Answers 202 while it runs: ask "
        "again after `Retry-After` seconds for what it found. The key is never shown. Without credentials it is about "
        "the house's key, if that is lent to everybody, once a minute at most.",
        responses={200: OpenAITestAnswerSerializer, 202: OpenAITestAnswerSerializer},
    )
    def get(self, request: Request) -> Response:
        found = openai_test.ask(request.user)
        headers = {"Cache-Control": "no-store"}
        if found.status == "checking":
            headers |= {"Location": request.path, "Retry-After": "2"}
        answer = OpenAITestAnswerSerializer({"success": found.status != "failed", "data": found})
        return Response(answer.data, status=202 if found.status == "checking" else 200, headers=headers)


def _story(story_id: str) -> Story:
    return generics.get_object_or_404(Story.objects.prefetch_related("tags"), pk=story_id)


def _own_story(request: Request, story_id: str) -> Story:
    """The story, if whoever asks may change it; another's is answered as one that does not exist."""
    visible = Story.objects.visible_to(request.user).prefetch_related("tags")
    return generics.get_object_or_404(visible.select_related("owner"), pk=story_id)
