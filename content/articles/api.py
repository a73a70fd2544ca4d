"""The API of articles. Everybody reads; staff write."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions, generics, status
from rest_framework.permissions import SAFE_METHODS, AllowAny, IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from content.articles import publishing, selectors
from content.articles.models import Article
from content.articles.serializers import ArticleSerializer, view

ARTICLE_ID = OpenApiParameter("article_id", OpenApiTypes.UUID, OpenApiParameter.PATH)
UNKNOWN = OpenApiResponse(description="No such article.")
KEPT = OpenApiResponse(description="An order keeps it.")
WRONG = OpenApiResponse(description="A field is wrong: `errors` says which. Nothing is stored.")


class StaffWrites:
    """Everybody reads."""

    throttle_scope = "write"

    def get_permissions(self) -> list:
        return [AllowAny() if self.request.method in SAFE_METHODS else IsAdminUser()]


class InUse(exceptions.APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "in_use"


def found(article_id: str) -> Article:
    """The article; raises NotFound."""
    article = selectors.article(article_id)
    if article is None:
        raise exceptions.NotFound
    return article


def _checked(request: Request, *, partial: bool = False) -> dict:
    wishes = ArticleSerializer(data=request.data, partial=partial)
    wishes.is_valid(raise_exception=True)
    return wishes.validated_data


class ArticleList(StaffWrites, generics.ListAPIView):
    serializer_class = ArticleSerializer
    ordering, page_size = ("-published_at", "-id"), 20

    def get_queryset(self):
        articles = Article.objects.readable().select_related("commentary")
        category = self.request.query_params.get("category", "")
        if "\0" in category:
            raise exceptions.ValidationError({"category": ["Must be one line of text."]})
        return articles.filter(category=category) if category else articles

    @extend_schema(summary="Articles, newest first", parameters=[OpenApiParameter("category", str)])
    def get(self, request: Request) -> Response:
        return super().get(request)

    @extend_schema(summary="Add an article", request=ArticleSerializer, responses={201: ArticleSerializer, 400: WRONG})
    def post(self, request: Request) -> Response:
        try:
            article = publishing.publish(**_checked(request))
        except publishing.KnownSource as error:
            raise exceptions.ValidationError({"sourceUrl": [exceptions.ErrorDetail(str(error), "unique")]}) from None
        headers = {"Location": f"/api/articles/{article.pk}"}
        return Response(view(article), status.HTTP_201_CREATED, headers=headers)


class ArticleDetail(StaffWrites, APIView):
    @extend_schema(
        summary="One article, from the cache for five minutes",
        parameters=[ARTICLE_ID],
        responses={200: ArticleSerializer, 404: UNKNOWN},
    )
    def get(self, request: Request, article_id: str) -> Response:
        article = selectors.article_view(article_id)
        if article is None:
            raise exceptions.NotFound
        return Response(article)

    @extend_schema(
        summary="Change an article; with another text its commentary goes",
        parameters=[ARTICLE_ID],
        request=ArticleSerializer,
        responses={200: ArticleSerializer, 400: WRONG, 404: UNKNOWN, 409: KEPT},
    )
    def patch(self, request: Request, article_id: str) -> Response:
        article = found(article_id)
        try:
            changed = publishing.change(article, **_checked(request, partial=True))
        except publishing.KnownSource as error:
            raise exceptions.ValidationError({"sourceUrl": [exceptions.ErrorDetail(str(error), "unique")]}) from None
        except publishing.InUse as error:
            raise InUse(str(error)) from None
        return Response(view(changed))

    @extend_schema(
        summary="Delete an article and all that was said about it",
        parameters=[ARTICLE_ID],
        responses={204: None, 404: UNKNOWN, 409: KEPT},
    )
    def delete(self, request: Request, article_id: str) -> Response:
        try:
            publishing.take_away(found(article_id))
        except publishing.InUse as error:
            raise InUse(str(error)) from None
        return Response(status=status.HTTP_204_NO_CONTENT)
