"""Asking for a draft: validate, write the row, enqueue, 202. What every endpoint of the product does."""

from django.db import transaction
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from benchmarks.app.models import Draft
from queues.services import enqueue


class DraftSerializer(serializers.Serializer):
    brief = serializers.CharField(min_length=3, max_length=2000)
    priority = serializers.IntegerField(min_value=1, max_value=10, default=5)


class DraftCreate(APIView):
    throttle_scope = "generate"

    def post(self, request):
        asked = DraftSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        with transaction.atomic():
            draft = Draft.objects.create(brief=asked.validated_data["brief"])
            job = enqueue(
                "bench.write",
                args={"draft_id": draft.pk},
                priority=asked.validated_data["priority"],
                subject=draft,
                owner=request.user,
            )
        answer = {"status": "queued", "draftId": draft.pk, "jobId": job.pk}
        return Response(answer, 202, headers={"Location": f"/api/jobs/{job.pk}", "Retry-After": "2"})
