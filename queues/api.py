"""Watching and steering jobs and queues. Clients see their own jobs, staff all; both through the same services."""

from collections.abc import Callable
from dataclasses import asdict

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import exceptions, generics
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from queues import control, dead_letters, spending, statements, stats, topics
from queues import serializers as wire
from queues.models import Attempt, Job, Queue
from queues.selectors import estimated_seconds, position
from queues.states import IN_LINE, RUNNING, JobState

CONFLICT = OpenApiResponse(description="Not possible in the job's present state, which `state` names.")
AS_JSON = wire.JobDetailSerializer()  # kept: to build its fields takes longer than to use them
NEWEST = f"ORDER BY number DESC LIMIT {wire.SHOWN}"


def listed(summary: str, **parameters: type) -> Callable:
    """What the documentation says about a view's GET, and what its address may ask for."""
    known = [OpenApiParameter(name, kind) for name, kind in parameters.items()]
    return extend_schema_view(get=extend_schema(summary=summary, parameters=known))


class WrongState(exceptions.APIException):
    status_code = 409
    default_code = "wrong_state"

    def __init__(self, job: Job, action: str):
        job.refresh_from_db()
        super().__init__(f"{action} is not possible while the job is {job.public_state}.")
        self.extra = {"state": job.public_state}


class OwnJobs:
    """The jobs that whoever asks may see."""

    throttle_scope = "write"

    @property
    def owned(self) -> dict:
        return {} if self.request.user.is_staff else {"owner": self.request.user.pk}

    def get_queryset(self):
        return Job.objects.filter(**self.owned)

    def get_object(self) -> Job:
        if getattr(self, "swagger_fake_view", False):
            return Job()
        if found := statements.find(Job, id=self.kwargs["pk"], **self.owned):
            return found[0]
        raise exceptions.NotFound


@listed("Jobs, newest first", state=str, queue=str, kind=str)
class JobList(OwnJobs, generics.ListAPIView):
    serializer_class = wire.JobSerializer
    ordering = "-id"

    def get_queryset(self):
        jobs = super().get_queryset()
        for name in ("queue", "kind"):
            if value := self.request.query_params.get(name):
                jobs = jobs.filter(**{name: value})
        if state := self.request.query_params.get("state"):
            if state not in stats.PUBLIC_STATES:
                raise exceptions.ValidationError({"state": [f"Must be one of {', '.join(stats.PUBLIC_STATES)}."]})
            states = [JobState.WAITING, JobState.DISPATCHED] if state == JobState.WAITING else [state]
            jobs = jobs.filter(state__in=states)
        return jobs


@listed("One job: state, attempts, place in line, why it waits, cost")
class JobDetail(OwnJobs, generics.RetrieveAPIView):
    serializer_class = wire.JobDetailSerializer

    def get(self, request: Request, pk) -> Response:
        return Response(AS_JSON.to_representation(self.get_object()))

    def get_object(self) -> Job:
        job = super().get_object()
        queue = Queue.objects.named(job.queue) if job.state in (*RUNNING, JobState.WAITING) else None
        job.position = position(job)
        job.estimatedSeconds = estimated_seconds(job, job.position, queue=queue) if queue else None
        job.waitingBecause = stats.why_waiting(job, queue)
        # Nothing is asked for in vain: clients look often while a job waits.
        job.tries = statements.find(Attempt, NEWEST, job=job.pk)[::-1] if job.attempts_started else []
        job.cost = spending.spent([job.pk] if job.attempts_started else [])
        return job


@listed("All attempts at a job, newest first")
class JobAttempts(OwnJobs, generics.ListAPIView):
    serializer_class = wire.AttemptSerializer
    ordering = "-number"

    def get_queryset(self):
        return self.get_object().attempts.all()


@listed("History and log lines of a job", after=int)
class JobEvents(OwnJobs, generics.ListAPIView):
    serializer_class = wire.JobEventSerializer
    ordering, page_size = "id", 100

    def get_queryset(self):
        after = self.request.query_params.get("after", "0")
        if not after.isascii() or not after.isdigit() or len(after) > 18:
            raise exceptions.ValidationError({"after": ["Must be the id of an event."]})
        return self.get_object().events.filter(id__gt=int(after))


class JobStream(OwnJobs, generics.GenericAPIView):
    serializer_class = wire.JobSerializer

    @extend_schema(
        summary="Where the job's live stream is",
        description="Leads to server-sent events, or a WebSocket, that say when to look again: "
        '`{"type": "changed", "job", "subject", "event"}`. At the start, and whenever something may have been missed, '
        "there is only the type; `/events?after=` then has what is new. While the job is in line that also comes, at "
        "most once a second, when its place may have changed. An address opens for ten minutes, a stream "
        "ends after about one: ask here again.",
        responses={307: OpenApiResponse(description="`Location` is the stream.")},
    )
    def get(self, request: Request, pk) -> Response:
        job = self.get_object()
        line = [topics.of_queue(job.queue)] if job.state in IN_LINE else []
        headers = {"Location": topics.address(topics.of_job(job.pk), *line), "Cache-Control": "no-store"}
        return Response(status=307, headers=headers)


class JobAction(OwnJobs, generics.GenericAPIView):
    """POST that changes a job by `change(job)`; 409 when that was not possible."""

    serializer_class = wire.JobSerializer
    action = ""
    change = None

    @extend_schema(request=None, responses={200: wire.JobSerializer, 409: CONFLICT})
    def post(self, request: Request, pk) -> Response:
        return self.changed(self.get_object(), type(self).change)

    def changed(self, job: Job, change) -> Response:
        if not change(job):
            raise WrongState(job, self.action)
        job.refresh_from_db()
        return Response(wire.JobSerializer(job).data)


class Cancel(JobAction):
    action, change = "cancel", staticmethod(control.cancel)


class Retry(JobAction):
    action, change = "retry", staticmethod(control.retry)


class Promote(JobAction):
    action, change = "promote", staticmethod(control.promote)
    permission_classes = [IsAdminUser]


class Priority(JobAction):
    action = "priority"
    permission_classes = [IsAdminUser]

    @extend_schema(request=wire.PrioritySerializer, responses={200: wire.JobSerializer, 409: CONFLICT})
    def post(self, request: Request, pk) -> Response:
        asked = wire.PrioritySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return self.changed(
            self.get_object(), lambda job: control.change_priority(job, asked.validated_data["priority"])
        )


@listed("Failed jobs by cause, the largest group first (at most 500)", kind=str)
class DeadLetterList(generics.ListAPIView):
    permission_classes = [IsAdminUser]
    serializer_class = wire.DeadLettersSerializer
    throttle_scope = "write"

    def get_queryset(self) -> list[dead_letters.Group]:
        kind = self.request.query_params.get("kind", "")
        return dead_letters.groups(Job.objects.filter(kind=kind) if kind else Job.objects.all())


class RetryDeadLetters(APIView):
    permission_classes = [IsAdminUser]
    throttle_scope = "write"

    @extend_schema(
        summary="Retry all dead letters of one cause, or preview that",
        request=wire.RetryCauseSerializer,
        responses={
            200: wire.RetriedSerializer,
            202: OpenApiResponse(wire.RetriedSerializer, description="More than 100: `jobId` retries them."),
            404: OpenApiResponse(description="No failed job has this cause."),
        },
    )
    def post(self, request: Request) -> Response:
        asked = wire.RetryCauseSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        preview = asked.validated_data.pop("preview")
        forecast = dead_letters.forecast(dead_letters.members(**asked.validated_data))
        if not forecast.count:
            raise exceptions.NotFound
        done = {} if preview else self.retry(request, asked.validated_data)
        answer = wire.RetriedSerializer(asdict(forecast) | done).data
        return Response(answer, status=202 if answer["jobId"] else 200)

    def retry(self, request: Request, group: dict) -> dict:
        retried = dead_letters.retry(by=request.user, **group)
        return {"jobId": retried.pk} if isinstance(retried, Job) else {"retried": retried}


@listed("All queues: counts, limits, pauses")
class QueueList(generics.ListAPIView):
    permission_classes = [IsAdminUser]
    serializer_class = wire.QueueSerializer
    throttle_scope = "write"

    def get_queryset(self) -> list[stats.QueueStats]:
        return stats.all_queues()


class QueueAction(APIView):
    permission_classes = [IsAdminUser]
    throttle_scope = "write"

    def initial(self, request: Request, *args, **kwargs) -> None:
        super().initial(request, *args, **kwargs)
        if kwargs["name"] not in settings.QUEUES:
            raise exceptions.NotFound

    def answer(self, name: str) -> Response:
        return Response(wire.QueueSerializer(next(entry for entry in stats.all_queues() if entry.name == name)).data)


class Pause(QueueAction):
    @extend_schema(request=wire.PauseSerializer, responses=wire.QueueSerializer)
    def post(self, request: Request, name: str) -> Response:
        asked = wire.PauseSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        control.pause(name, by=request.user.get_username(), **asked.validated_data)
        return self.answer(name)


class Resume(QueueAction):
    @extend_schema(request=None, responses=wire.QueueSerializer)
    def post(self, request: Request, name: str) -> Response:
        control.resume(name)
        return self.answer(name)
