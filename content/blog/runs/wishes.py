"""Whether what somebody wants of a run can be had; every fault is named by its field."""

import math
from collections.abc import Iterator

from django.core.exceptions import ValidationError

from aiproviders import catalogue as language_models
from aiproviders import offer
from aiproviders.models import AISettings
from aiproviders.services import default_model
from content.blog.catalogues import CatalogueError, Query, default_catalogue
from content.blog.models import Run
from content.blog.writing import TEMPLATE

MOST_GENRES, LONGEST_GENRE = 10, 40


def checked(run: Run) -> str:
    """Make `run` ready to be saved; returns a notice about its model, or nothing.

    Raises ValidationError with a `message_dict` by the fields of Run.
    """
    faults: dict[str, list[str]] = {}
    notice = ""
    try:
        notice = _settle_model(run)
    except offer.NotOffered as error:
        faults["ai_model"] = [str(error)]
    try:
        run.clean_fields(exclude=list(faults))
    except ValidationError as error:
        faults |= error.message_dict
    for name, fault in _faults_together(run, faults):
        faults.setdefault(name, []).append(fault)
    if faults:
        raise ValidationError(faults)
    return notice


def models_on_offer(user) -> set[str]:
    """The names that `user` may choose: what is offered to all, the house's choice, and what they chose before."""
    chosen = AISettings.objects.filter(user=user).first()
    kept = {chosen.preferred_model, *chosen.fallbacks} if chosen else set()
    return {row.name for row in language_models.offered()} | {str(default_model())} | (kept - {""})


def preferred_model(user) -> str:
    """Who writes for `user` unless another is named."""
    chosen = AISettings.objects.filter(user=user).first()
    return (chosen.preferred_model if chosen else "") or str(default_model())


def _settle_model(run: Run) -> str:
    """Put the full name in the place of an alias, a retired name or none."""
    if run.ai_model == TEMPLATE:
        return ""
    choice = offer.pick(run.ai_model or preferred_model(run.owner), models_on_offer(run.owner))
    run.ai_model = str(choice)
    return choice.notice


def _faults_together(run: Run, known: dict) -> Iterator[tuple[str, str]]:
    """What is wrong although each field by itself is well made."""
    if run.daily_cap is not None and not run.is_continuous and "daily_cap" not in known:
        yield "daily_cap", "Only a continuous run has a daily cap; a batch has one round."
    if run.min_rating is not None and "min_rating" not in known and not math.isfinite(run.min_rating):
        yield "min_rating", "Must be a number from 0 to 10."
    elif fault := _fault_of_genres(run):
        yield "genres", fault
    elif not known.keys() & {"listing", "media_type", "year_from", "year_to", "min_rating"}:
        if run.year_from is not None and run.year_to is not None and run.year_from > run.year_to:
            yield "year_from", f"Must not be after {run.year_to}, the year up to which you ask."
        else:
            yield from _faults_of_query(run.query)


def _fault_of_genres(run: Run) -> str:
    """Also tidies them."""
    if not isinstance(run.genres, list) or not all(isinstance(genre, str) for genre in run.genres):
        return "Must be a list of names of genres."
    run.genres = list(dict.fromkeys(genre.strip() for genre in run.genres if genre.strip()))
    if len(run.genres) > MOST_GENRES or any(len(genre) > LONGEST_GENRE for genre in run.genres):
        return f"At most {MOST_GENRES} genres of at most {LONGEST_GENRE} characters."
    return ""


def _faults_of_query(query: Query) -> Iterator[tuple[str, str]]:
    """What the catalogue can never answer, at the field that makes it so."""
    catalogue = default_catalogue()
    parts = (
        ("media_type", Query("discover", query.media_type)),
        ("listing", Query(query.listing, query.media_type)),
        ("year_from", Query(query.listing, query.media_type, year_from=query.year_from, year_to=query.year_to)),
    )
    for name, part in parts:
        if refusal := catalogue.refusal(part):
            yield name, refusal
            return
    if fault := _unknown_genre(query) or catalogue.refusal(query):
        yield "genres", fault


def _unknown_genre(query: Query) -> str:
    if not query.genres:
        return ""
    try:
        known = default_catalogue().genres(query.media_type)
    except (CatalogueError, RuntimeError):  # it is away, or may not be asked inside a transaction: the run will see
        return ""
    names = {genre.casefold() for genre in known}
    if unknown := [genre for genre in query.genres if genre.casefold() not in names]:
        return f"There is no genre called {unknown[0]}. Known are: {', '.join(known)}."
    return ""
