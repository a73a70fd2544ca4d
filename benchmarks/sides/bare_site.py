"""Django REST framework and Celery without Copydesk: token, validation, one row, one message, 202. No ledger."""

from django.db import transaction
from django.http import HttpResponse
from django.urls import path
from rest_framework import serializers
from rest_framework.generics import RetrieveAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from benchmarks.app.api import DraftSerializer
from benchmarks.app.models import Draft
from benchmarks.sides.bare_app import write


class Create(APIView):
    def post(self, request):
        asked = DraftSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        draft = Draft.objects.create(brief=asked.validated_data["brief"])
        transaction.on_commit(lambda: write.delay(draft_id=draft.pk))
        return Response({"status": "queued", "draftId": draft.pk}, 202, headers={"Location": f"/api/drafts/{draft.pk}"})


class Written(serializers.ModelSerializer):
    class Meta:
        model = Draft
        fields = ("id", "created_at", "finished_at")


class Show(RetrieveAPIView):
    queryset, serializer_class = Draft.objects, Written


urlpatterns = [
    path("api/drafts", Create.as_view()),
    path("api/drafts/<int:pk>", Show.as_view()),
    path("healthz", lambda request: HttpResponse("ok")),
]
