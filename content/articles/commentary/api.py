"""The API of commentary. Asking for one article and looking is open to everybody, because it cannot be multiplied:
an article gets one text from a model, and the queue's rate limit is the house's. What staff alone see needs staff."""

import datetime

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions
from rest_framework.permissions import AllowAny, IsAdminUser, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from content import cache
from content.articles.api import ARTICLE_ID, UNKNOWN, WRONG, found
from content.articles.commentary import health, opinions, results, selectors, services
from content.articles.commentary import serializers as wire
from content.articles.models import Article, Commentary
from queues import clock
from queues.models import Job

POLL = {"Retry-After": "2"}
FRESH = {"Cache-Control": "no-store"}
DAYS, MOST_DAYS = 30, 366


def asked(article: Article, **options) -> Commentary | Job:
    """As the service; an article that has just been deleted is not found."""
    try:
        return services.request_commentary(article, **options)
    except services.Gone:
        raise exceptions.NotFound from None


def owner_of(request: Request):
    return request.user if request.user.is_authenticated else None


class Generate(APIView):
    permission_classes = [AllowAny]
    throttle_scope = "generate"

    @extend_schema(
        summary="Ask for a commentary",
        description="200 with what there is, else 202 and the job that writes it; however many ask, it is one job. A "
        "fallback is replaced when a model answers again.",
        parameters=[ARTICLE_ID],
        request=None,
        responses={200: wire.ReadySerializer, 202: wire.QueuedSerializer, 404: UNKNOWN},
    )
    def post(self, request: Request, article_id: str) -> Response:
        article = found(article_id)
        answer = asked(article, owner=owner_of(request))
        if isinstance(answer, Commentary):
            ready = {"status": "ready", "commentary": answer.text}
            ready |= {"generatedAt": answer.generated_at, "source": answer.source}
            return Response(wire.ReadySerializer(ready).data, headers=FRESH)
        queued = {
            "status": "queued",
            "message": "AI is generating commentary in the background.",
            "articleId": article.pk,
            "jobId": answer.pk,
            **selectors.wait_of(answer),
        }
        headers = POLL | FRESH | {"Location": f"/api/articles/{article.pk}/commentary-status"}
        return Response(wire.QueuedSerializer(queued).data, status=202, headers=headers)


class GenerateMany(APIView):
    permission_classes = [IsAuthenticated]
    throttle_scope = "generate"

    @extend_schema(
        operation_id="articles_generate_commentary_of_many",
        summary="Ask for the commentary of several articles at once",
        request=wire.BatchRequestSerializer,
        responses={200: wire.BatchSerializer, 202: wire.BatchSerializer, 400: WRONG},
    )
    def post(self, request: Request) -> Response:
        articles = self.articles(request)
        try:
            parent, answers = services.request_commentaries(articles, owner=owner_of(request))
        except services.Gone:
            raise exceptions.NotFound from None
        jobs = {article.pk: answer for article, answer in answers.items() if isinstance(answer, Job)}
        wait = selectors.wait_of(next(iter(jobs.values())), len(jobs)) if jobs else {}
        body = {
            "status": "queued" if jobs else "ready",
            "message": f"{len(jobs)} of {len(answers)} are being written in the background.",
            "jobId": parent.pk if parent else None,
            **({"estimatedWaitTime": None, "estimatedSeconds": None} | wait),
            "articles": [
                {"articleId": key, "status": "queued", "jobId": jobs[key].pk}
                if key in jobs
                else {"articleId": key, "status": "ready", "jobId": None}
                for key in (article.pk for article in articles)
            ],
        }
        headers = FRESH | (POLL | {"Location": f"/api/jobs/{parent.pk}"} if parent else {})
        return Response(wire.BatchSerializer(body).data, status=202 if jobs else 200, headers=headers)

    def articles(self, request: Request) -> list[Article]:
        wishes = wire.BatchRequestSerializer(data=request.data)
        wishes.is_valid(raise_exception=True)
        ids = list(dict.fromkeys(wishes.validated_data["articleIds"]))
        known = Article.objects.readable().select_related("commentary").in_bulk(ids)
        if unknown := [article_id for article_id in ids if article_id not in known]:
            raise exceptions.ValidationError({"articleIds": [f"There is no article {unknown[0]}."]})
        return [known[article_id] for article_id in ids]


class Status(APIView):
    permission_classes = [AllowAny]
    throttle_scope = "read"

    @extend_schema(
        summary="Is the commentary there?",
        parameters=[ARTICLE_ID],
        responses={200: wire.StatusSerializer, 404: UNKNOWN},
    )
    def get(self, request: Request, article_id: str) -> Response:
        status = selectors.status(found(article_id))
        headers = FRESH | (POLL if "jobId" in status else {})
        return Response(wire.StatusSerializer(status).data, headers=headers)


class VoteOn(APIView):
    permission_classes = [IsAuthenticated]
    throttle_scope = "write"

    @extend_schema(
        summary="Say whether the commentary helped; the last word counts",
        parameters=[ARTICLE_ID],
        request=wire.VoteSerializer,
        responses={204: None, 400: WRONG, 404: OpenApiResponse(description="No such article, or no commentary.")},
    )
    def post(self, request: Request, article_id: str) -> Response:
        wishes = wire.VoteSerializer(data=request.data)
        wishes.is_valid(raise_exception=True)
        article = found(article_id)
        if article.commentary is None:
            raise exceptions.NotFound
        opinions.vote(article.commentary, reader=f"user:{request.user.pk}", **wishes.validated_data)
        return Response(status=204)


class QueueStats(APIView):
    permission_classes = [AllowAny]
    throttle_scope = "read"

    @extend_schema(summary="The queue of commentary", responses=wire.QueueStatsSerializer)
    def get(self, request: Request) -> Response:
        return Response(wire.QueueStatsSerializer(selectors.queue_stats()).data, headers=FRESH)


class CacheStats(APIView):
    permission_classes = [AllowAny]
    throttle_scope = "read"

    @extend_schema(summary="The cache of articles and commentary", responses=wire.CacheStatsSerializer)
    def get(self, request: Request) -> Response:
        return Response(wire.CacheStatsSerializer(cache.stats()).data, headers=FRESH)


class HealthCheck(APIView):
    permission_classes = [AllowAny]
    throttle_scope = "read"

    @extend_schema(
        summary="Can commentary be written now?", responses={200: wire.HealthSerializer, 503: wire.HealthSerializer}
    )
    def get(self, request: Request) -> Response:
        checks = health.check()
        well = all(part["ok"] for part in checks.values())
        body = {"status": "ok" if well else "failed", "checks": checks}
        return Response(wire.HealthSerializer(body).data, status=200 if well else 503, headers=FRESH)


class Analytics(APIView):
    permission_classes = [IsAdminUser]
    throttle_scope = "read"

    @extend_schema(
        summary="Results per variant of the prompt: success, time, cost, views, votes",
        parameters=[OpenApiParameter("days", int)],
        responses={200: wire.AnalyticsSerializer, 400: WRONG},
    )
    def get(self, request: Request) -> Response:
        days = request.query_params.get("days", str(DAYS))
        if not (days.isascii() and days.isdigit() and len(days) < 4 and 0 < int(days) <= MOST_DAYS):
            raise exceptions.ValidationError({"days": [f"Must be a whole number from 1 to {MOST_DAYS}."]})
        variants = results.by_variant(clock.now() - datetime.timedelta(days=int(days)))
        body = {"days": int(days), "all": results.together(variants), "variants": variants}
        return Response(wire.AnalyticsSerializer(body).data, headers=FRESH)
