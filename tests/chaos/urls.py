"""The product's pages, and one that takes a job as any page does: a transaction, then 202."""

import json

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from queues.services import enqueue


@csrf_exempt
def ask(request: HttpRequest) -> JsonResponse:
    wish = json.loads(request.body)
    with transaction.atomic():
        job = enqueue(wish["kind"], args=wish["args"], priority=wish["priority"])
    return JsonResponse({"id": str(job.pk)}, status=202)


urlpatterns = [path("chaos/ask", ask), path("", include("config.urls"))]
