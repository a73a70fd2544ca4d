"""The admin's site. Whoever wrote a table's page, a list that is asked for what cannot be looked for says so."""

import logging

from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG, ChangeList
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from config.database import is_refused_question
from config.redaction import printable

logger = logging.getLogger(__name__)
# Django takes any lookup of any column from the address. Some it can only not translate, others the database refuses.
UNTRANSLATED = (IncorrectLookupParameters, ArithmeticError, LookupError, NotImplementedError, TypeError, ValueError)


class CheckedList(ChangeList):
    """Sends whoever asked with a wrong address to the whole list, with a message that names the parameters."""

    def __init__(self, request: HttpRequest, *args, **options) -> None:
        try:
            super().__init__(request, *args, **options)
        except (*UNTRANSLATED, DatabaseError) as error:
            names = [name for name in request.GET if name != ERROR_FLAG]
            if not names or isinstance(error, DatabaseError) and not is_refused_question(error):
                raise
            logger.warning("A list of the admin cannot be filtered: %s", type(error).__name__)
            named = printable(", ".join(names), most=200)
            messages.error(request, f"The list cannot be filtered or sorted like that: {named}. All rows are shown.")
            raise IncorrectLookupParameters from error


class Checked:
    """For every ModelAdmin."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None):
        try:
            return super().get_object(request, object_id, from_field or None)  # `?_to_field=` names no column
        except OverflowError:  # SQLite's, for a number beyond 64 bits
            return None

    def response_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Nothing is done to a selection of what can be no row of this list."""
        selected = request.POST.getlist(ACTION_CHECKBOX_NAME)
        try:
            with transaction.atomic():
                queryset.filter(pk__in=selected).exists()
        except (*UNTRANSLATED, ValidationError, DatabaseError) as error:
            if isinstance(error, DatabaseError) and not is_refused_question(error):
                raise
            return messages.error(request, "Nothing was done: select rows of this list.")
        return super().response_action(request, queryset)

    def changeform_view(self, request: HttpRequest, *args, **options) -> HttpResponse:
        """Somebody may store the same between the check of a form and its storing: then it is checked once more."""
        try:
            return super().changeform_view(request, *args, **options)
        except IntegrityError:
            if request.method != "POST":
                raise
            return super().changeform_view(request, *args, **options)

    def get_changelist(self, request: HttpRequest, **options) -> type[ChangeList]:
        return CheckedList


class ShortAddForm:
    """For every ModelAdmin: what a row says of itself is shown once there is a row."""

    def get_fields(self, request: HttpRequest, obj=None) -> list[str]:
        fields = super().get_fields(request, obj)
        return fields if obj else [name for name in fields if name not in self.readonly_fields]


class Desk(AdminSite):
    def register(self, model_or_iterable, admin_class: type[ModelAdmin] | None = None, **options) -> None:
        admin_class = admin_class or ModelAdmin
        bases = (Checked, ShortAddForm, admin_class)
        checked = type(admin_class.__name__, bases, {"__module__": admin_class.__module__})
        super().register(model_or_iterable, checked, **options)
