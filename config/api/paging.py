"""Lists: `results`, `next`, `previous`; `limit` up to 100. A view names its `ordering` and `page_size` if need be."""

import datetime
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import FieldDoesNotExist
from django.core.exceptions import ValidationError as InvalidValue
from django.db.models import QuerySet
from django.utils.timezone import is_naive
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView

NOT_OURS = "This cursor is not one of ours: follow `next` and `previous` as they are."
LONGEST_CURSOR = 1000


class Pages(CursorPagination):
    """By cursor: rows that come meanwhile neither repeat nor hide others. A list that was computed goes by position."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 100
    offset_cutoff = 10_000
    items: list | None = None

    def paginate_queryset(self, queryset: QuerySet | list, request: Request, view: APIView | None = None) -> list:
        self.view, self.request = view, request
        if not isinstance(queryset, list):
            self.model = queryset.model
            return super().paginate_queryset(queryset, request, view)
        self.items, self.base_url = queryset, request.build_absolute_uri()
        self.page_size, cursor = self.get_page_size(request), self.decode_cursor(request)
        self.offset = cursor.offset if cursor else 0
        return queryset[self.offset : self.offset + self.page_size]

    def get_ordering(self, request: Request, queryset: QuerySet, view: APIView) -> tuple[str, ...]:
        ordering = getattr(view, "ordering", self.ordering)
        return (ordering,) if isinstance(ordering, str) else tuple(ordering)

    def get_page_size(self, request: Request) -> int:
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return getattr(self.view, "page_size", self.page_size)
        if not (asked.isascii() and asked.isdigit() and len(asked) <= 3 and 1 <= int(asked) <= self.max_page_size):
            raise ValidationError({self.page_size_query_param: [f"Must be a number from 1 to {self.max_page_size}."]})
        return int(asked)

    def decode_cursor(self, request: Request) -> Cursor | None:
        asked = request.query_params.get(self.cursor_query_param, "")
        try:
            cursor = super().decode_cursor(request) if len(asked) <= LONGEST_CURSOR else None
            if asked and (cursor is None or asked != self._text(cursor)):
                raise ValueError
            if cursor and cursor.position is not None:
                self._check(cursor.position)
        except (NotFound, InvalidValue, ValueError, OverflowError):
            raise ValidationError({self.cursor_query_param: [NOT_OURS]}) from None
        return cursor

    def _text(self, cursor: Cursor) -> str:
        """How we would write this cursor."""
        query = parse_qs(urlsplit(self.encode_cursor(cursor)).query)
        return query.get(self.cursor_query_param, [""])[-1]

    def _check(self, position: str) -> None:
        """Raises ValueError or InvalidValue for what cannot be a value of the column that orders the list."""
        if self.items is not None or not position.isprintable():
            raise ValueError
        try:
            column = self.model._meta.get_field(self.get_ordering(self.request, None, self.view)[0].lstrip("-"))
        except FieldDoesNotExist:
            return
        value = column.to_python(position)
        if isinstance(value, datetime.datetime) and is_naive(value):
            raise ValueError

    def get_next_link(self) -> str | None:
        if self.items is None:
            return super().get_next_link()
        end = self.offset + self.page_size
        return self._at(end) if end < len(self.items) else None

    def get_previous_link(self) -> str | None:
        if self.items is None:
            return super().get_previous_link()
        return self._at(max(0, self.offset - self.page_size)) if self.offset else None

    def _at(self, offset: int) -> str:
        return self.encode_cursor(Cursor(offset=offset, reverse=False, position=None))

    def get_schema_operation_parameters(self, view: APIView) -> list[dict]:
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            if parameter["name"] == self.page_size_query_param:
                default = getattr(view, "page_size", self.page_size)
                parameter["schema"] |= {"minimum": 1, "maximum": self.max_page_size, "default": default}
        return parameters
