"""`/api/admin/blog/auto-generate`: start, watch and stop runs. For staff."""

from uuid import UUID

from django.core.exceptions import ValidationError
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from content.blog.models import Run
from content.blog.runs import log, selectors, services
from content.blog.runs import serializers as wire
from content.blog.runs.errors import AlreadyRunning, NotRunning
from content.blog.runs.forecast import seconds_for
from content.blog.runs.progress import IDLE, Progress, progress_of, state_of
from content.blog.runs.wording import what_happens
from content.texts.durations import in_words

FRESH = {"Cache-Control": "no-store"}
STATUS = "/api/admin/blog/auto-generate/status"
UNKNOWN = OpenApiResponse(description="No run has a job with this id.")
WRONG = OpenApiResponse(description="`errors` says which field is wrong. Nothing is stored.")


class Conflict(exceptions.APIException):
    status_code = 409
    default_code = "wrong_state"

    def __init__(self, error: Exception, **extra):
        super().__init__(str(error))
        self.extra = extra


class StartRun(APIView):
    permission_classes = [IsAdminUser]
    throttle_scope = "generate"

    @extend_schema(
        summary="Start a run of blog posts",
        description="A batch ends when its posts are written; a continuous run goes on, at most `dailyCap` posts a day "
        "(without it: `count`), until it is stopped. Titles that have a post are skipped. One run per user at a time.",
        request=wire.RunWishSerializer,
        responses={
            202: wire.RunStartedSerializer,
            400: WRONG,
            409: OpenApiResponse(description="One of your runs goes on: `jobId` names it. Nothing is stored."),
        },
    )
    def post(self, request: Request) -> Response:
        wish = wire.RunWishSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        try:
            started = services.start_run(owner=request.user, **wish.wishes())
        except ValidationError as error:
            raise exceptions.ValidationError(wish.under_sent_names(error.message_dict)) from None
        except AlreadyRunning as error:
            run = selectors.run_of_job(error.job_id)
            state = state_of(run) if run else ""
            raise Conflict(error, jobId=str(error.job_id), state=state, allowed=["status", "stop"]) from None
        seconds = seconds_for(started.run.count)
        answer = {
            "jobId": started.job.pk,
            "status": "queued",
            "message": f"The run is in line: {started.run}. {started.notice}".strip(),
            "estimatedTime": in_words(seconds),
            "estimatedSeconds": seconds,
        }
        headers = FRESH | {"Location": f"{STATUS}?jobId={started.job.pk}", "Retry-After": "2"}
        return Response(wire.RunStartedSerializer(answer).data, status=202, headers=headers)


class RunStatus(APIView):
    permission_classes = [IsAdminUser]
    throttle_scope = "read"

    @extend_schema(
        summary="How a run goes",
        description="Your run that goes on, else your last one, else idle; with `jobId` anybody's. `logs` are the "
        "newest lines; with `after` those that came after the line with this id.",
        parameters=[OpenApiParameter("after", int), OpenApiParameter("jobId", OpenApiTypes.UUID)],
        responses={200: wire.RunStatusSerializer, 404: UNKNOWN},
    )
    def get(self, request: Request) -> Response:
        after = request.query_params.get("after")
        if after is not None and not (after.isascii() and after.isdigit() and len(after) <= 18):
            raise exceptions.ValidationError({"after": ["Must be the id of a line."]})
        job_id = request.query_params.get("jobId")
        run = _run(job_id) if job_id is not None else selectors.latest_of(request.user)
        answer = _status(run, None if after is None else int(after))
        return Response(wire.RunStatusSerializer(answer).data, headers=FRESH)


class StopRun(APIView):
    permission_classes = [IsAdminUser]
    throttle_scope = "write"

    @extend_schema(
        summary="Stop a run after the post in work, or now",
        description="What is written stays. Without `jobId` it is your own run. `now`: what the model just says is "
        "not used.",
        request=wire.StopSerializer,
        responses={
            200: wire.StoppedSerializer,
            400: WRONG,
            404: UNKNOWN,
            409: OpenApiResponse(description="There is nothing to stop; `state` says why."),
        },
    )
    def post(self, request: Request) -> Response:
        asked = wire.StopSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        job_id = asked.validated_data.get("jobId")
        run = _run(job_id) if job_id else selectors.latest_of(request.user)
        try:
            if run is None:
                raise NotRunning(IDLE)
            message = services.stop_run(run, now=asked.validated_data["now"])
        except NotRunning as error:
            raise Conflict(error, state=error.state, allowed=["start"]) from None
        run = Run.objects.told().get(pk=run.pk)
        answer = {"status": state_of(run), "jobId": run.job_id, "message": message}
        return Response(wire.StoppedSerializer(answer).data, headers=FRESH)


def _run(job_id: UUID | str) -> Run:
    """Raises NotFound, and ValidationError for what is no id."""
    try:
        run = selectors.run_of_job(UUID(str(job_id)))
    except ValueError:
        raise exceptions.ValidationError({"jobId": ["Must be the id of a job."]}) from None
    if run is None:
        raise exceptions.NotFound
    return run


def _status(run: Run | None, after: int | None) -> dict:
    metrics = selectors.metrics()
    if run is None:
        idle = {"running": False, "status": IDLE, "jobId": None, "message": "", "nextRunAt": None}
        return idle | {"progress": Progress(total=0), "logs": [], "metrics": metrics}
    state = state_of(run)
    progress = progress_of(run)
    return {
        "running": run.is_open,
        "status": state,
        "jobId": run.job_id,
        "message": what_happens(run, progress),
        "nextRunAt": run.job.run_at if state == "scheduled" else None,
        "progress": progress,
        "logs": log.lines(run, after=after),
        "metrics": metrics,
    }
