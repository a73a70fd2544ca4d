"""The page /admin/settings/ai. Every button is a plain POST followed by a redirect; nothing needs a script."""

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from aiproviders import keys, registry
from config.ai_settings import changes, checking
from config.ai_settings.changes import Refused, Wishes
from config.ai_settings.forms import ChoicesForm, KeyForm
from config.ai_settings.overview import overview

FIELD_OF = {"preferred_model": "preferred_model", "daily_limit": "daily_limit"}


@never_cache
@admin.site.admin_view
def settings_page(request: HttpRequest) -> HttpResponse:
    """Show the settings; POST saves model, fallbacks and limit."""
    if request.method != "POST":
        return _page(request)
    form = ChoicesForm(overview(request.user), request.POST)
    if not form.is_valid():
        return _page(request, form=form)
    try:
        notices = changes.save(form.wishes(), user=request.user)
    except Refused as error:
        _put_beside_fields(form, error.faults)
        return _page(request, form=form)
    messages.success(request, "Saved.")
    for notice in notices:
        messages.warning(request, notice)
    return redirect("ai_settings:page")


@sensitive_post_parameters()
@require_POST
@admin.site.admin_view
def save_key(request: HttpRequest, provider: str) -> HttpResponse:
    """Keep a key, instead of an earlier one. After an error the field is empty again."""
    name = _name_of(provider)
    form = KeyForm(provider, request.POST)
    if form.is_valid() and not form.cleaned_data["key"]:
        form.add_error("key", "Paste the key first.")
    if form.is_valid():
        try:
            changes.save(Wishes(given=set(), keys={provider: form.cleaned_data["key"]}), user=request.user)
        except Refused as error:
            form.add_error("key", error.faults["keys"][provider])
    if form.errors:
        return _page(request, key_form=(provider, form))
    messages.success(request, f"The key for {name} is saved. Check it before you rely on it.")
    return _back_to(provider)


@require_POST
@admin.site.admin_view
def check_key(request: HttpRequest, provider: str) -> HttpResponse:
    """Start a check of the user's own key."""
    name = _name_of(provider)
    if keys.has_own(provider, user=request.user):
        checking.request_check(provider, user=request.user)
    else:
        messages.error(request, f"There is no key for {name} to check.")
    return _back_to(provider)


@require_POST
@admin.site.admin_view
def remove_key(request: HttpRequest, provider: str) -> HttpResponse:
    """Forget the user's own key; the button stands behind a question."""
    name = _name_of(provider)
    if keys.remove(provider, user=request.user):
        messages.success(request, f"The key for {name} is removed.")
    return _back_to(provider)


def _page(request: HttpRequest, *, form: ChoicesForm | None = None, key_form: tuple | None = None) -> HttpResponse:
    now = overview(request.user)
    forms = {line.provider: KeyForm(line.provider) for line in now.keys} | dict([key_form] if key_form else [])
    form = form or ChoicesForm(now)
    groups: dict[str, list] = {}
    for line in now.models:
        groups.setdefault(line.provider_name, []).append(line)
    context = {
        "title": "AI settings",
        "now": now,
        "form": form,
        "groups": groups,
        "chosen": form["preferred_model"].value() or "",
        "kept": now.preferred_model if now.preferred_model not in {line.row.name for line in now.models} else "",
        "keys": [(line, forms[line.provider]) for line in now.keys],
        "checking": any(line.check == "checking" for line in now.keys),
    }
    status = 400 if form.errors or key_form else 200
    return TemplateResponse(request, "ai_settings/page.html", admin.site.each_context(request) | context, status=status)


def _put_beside_fields(form: ChoicesForm, faults: dict) -> None:
    for name, fault in faults.items():
        if isinstance(fault, str):
            form.add_error(FIELD_OF.get(name), fault)
            continue
        filled = [field.name for field in form.fallbacks if form.cleaned_data[field.name]]
        for position, text in fault.items():
            form.add_error(filled[position], text)


def _name_of(provider: str) -> str:
    if provider not in keys.accounts():
        raise Http404
    return registry.entry(provider).label


def _back_to(provider: str) -> HttpResponse:
    return redirect(f"{resolve_url('ai_settings:page')}#key-{provider}")
