"""`/api/user/ai-settings`: what the user chose, and changing it."""

from dataclasses import replace

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from aiproviders import keys
from config.ai_settings import changes, checking
from config.ai_settings.overview import overview
from config.ai_settings.serializers import AISettingsChangeSerializer, AISettingsSerializer
from queues.serializers import JobSerializer

PRIVATE = {"Cache-Control": "no-store"}


class AISettingsView(APIView):
    throttle_scope = "write"

    @extend_schema(
        summary="The user's AI settings",
        description="Preferred model, fallbacks, daily limit, the models on offer and what is known of each key: its "
        "last four characters, when it was added, used and checked. Never a key.",
        responses=AISettingsSerializer,
    )
    def get(self, request: Request) -> Response:
        return Response(AISettingsSerializer(overview(request.user)).data, headers=PRIVATE)

    @extend_schema(
        summary="Change the user's AI settings",
        description="All of it is stored, or nothing. A retired model gives its successor, and `notices` says so.",
        request=AISettingsChangeSerializer,
        responses={
            200: AISettingsSerializer,
            400: OpenApiResponse(description="A field is wrong: `errors` says which. Nothing is stored."),
        },
    )
    def post(self, request: Request) -> Response:
        asked = AISettingsChangeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            notices = changes.save(asked.wishes(), user=request.user)
        except changes.Refused as error:
            faults = {name: _messages(fault) for name, fault in asked.under_sent_names(error.faults).items()}
            raise serializers.ValidationError(faults) from None
        now = overview(request.user)
        return Response(AISettingsSerializer(replace(now, notices=[*notices, *now.notices])).data, headers=PRIVATE)


class CheckKey(APIView):
    throttle_scope = "write"

    @extend_schema(
        summary="Check the user's key for a provider",
        description="Asks the provider for its list of models, as a job of at most 10 seconds. GET "
        "/api/user/ai-settings then has the result in `keys`.",
        request=None,
        responses={202: JobSerializer, 404: OpenApiResponse(description="No such provider, or no key of one's own.")},
    )
    def post(self, request: Request, provider: str) -> Response:
        if provider not in keys.accounts() or not keys.has_own(provider, user=request.user):
            raise exceptions.NotFound
        job = checking.request_check(provider, user=request.user)
        headers = {"Location": f"/api/jobs/{job.pk}", "Retry-After": "2"}
        return Response(JobSerializer(job).data, status=202, headers=headers)


def _messages(fault: dict | str) -> dict | list[str]:
    return [fault] if isinstance(fault, str) else {str(key): [text] for key, text in fault.items()}
