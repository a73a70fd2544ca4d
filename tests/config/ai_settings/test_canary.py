"""Canary keys go in by page, API and admin, and are checked by a real worker: where do they turn up?"""

import logging

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from rest_framework.test import APIClient

from aiproviders import keys
from aiproviders.models import AIKey
from queues.models import Job
from queues.states import FINAL
from tests.aiproviders.test_canary import database, redis_content
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
CANARY = "kanari-4b1e77c9"
PAGE, API = "/admin/settings/ai", "/api/user/ai-settings"


@pytest.fixture
def boss():
    return get_user_model().objects.create_superuser("boss")


@pytest.fixture
def desk(client, boss):
    client.force_login(boss)
    return client


@pytest.fixture
def api(boss) -> APIClient:
    client = APIClient()
    client.force_authenticate(boss)
    return client


def put_everywhere(desk, api) -> list[str]:
    """Good and bad keys through every door there is; what the doors answered."""
    good, bad = f"sk-{CANARY}", f"sk-{CANARY} {CANARY}"
    add = reverse("admin:aiproviders_aikey_add")
    answers = [
        desk.post(f"{PAGE}/keys/openai", {"key": f" {good}-page\n"}, follow=True),
        desk.post(f"{PAGE}/keys/openai", {"key": bad}),
        desk.post(PAGE, {"preferred_model": bad, "daily_limit": bad, "fallback_0": bad}),
        api.post(API, {"keys": {"anthropic": f"{good}-api"}, "geminiApiKey": f"{good}-wrong"}, format="json"),
        api.post(API, {"keys": {"anthropic": bad, bad: good}, "preferredModel": good}, format="json"),
        api.post(API, {"keys": {"anthropic": {"key": good}}, "fallbacks": [good], "dailyLimit": good}, format="json"),
        desk.post(add, {"provider": "groq", "key": f"{good}-admin"}, follow=True),
        desk.post(add, {"provider": good, "key": bad}),
    ]
    return [answer.content.decode() for answer in answers]


def look_everywhere(desk, api) -> list[str]:
    rows = AIKey.objects.all()
    changelists = ["aiproviders_aikey", "queues_job", "django_celery_results_taskresult", "aiproviders_aisettings"]
    addresses = [PAGE, "/admin/", *(reverse(f"admin:{name}_changelist") for name in changelists)]
    for what in ("change", "history", "delete"):
        addresses += [reverse(f"admin:aiproviders_aikey_{what}", args=[row.pk]) for row in rows]
    addresses += [reverse("admin:queues_job_change", args=[job.pk]) for job in Job.objects.all()]
    pages = [desk.get(address) for address in addresses]
    jobs = [f"/api/jobs/{job.pk}{end}" for job in Job.objects.all() for end in ("", "/events")]
    answers = [api.get(address) for address in (API, "/api/jobs", "/api/stories/scoring/openai/test", *jobs)]
    assert {answer.status_code for answer in pages} == {200}
    assert {answer.status_code for answer in answers} <= {200, 202}
    return [answer.content.decode() for answer in (*pages, *answers)]


@pytest.mark.parametrize("listing", ["ok", "echo-key-400", "echo-key-500", "html"])
def test_a_key_is_nowhere_but_at_the_provider(
    desk,
    api,
    boss,
    fake,
    redis_traffic,
    start_worker,
    caplog,
    listing,  # noqa: F811
):
    caplog.set_level(logging.DEBUG)
    said = put_everywhere(desk, api)
    stored = {(row.provider, row.user_id) for row in AIKey.objects.all()}
    assert stored == {("openai", boss.pk), ("anthropic", boss.pk), ("google", boss.pk), ("groq", None)}
    for provider in ("openai", "anthropic", "google"):
        desk.post(f"{PAGE}/keys/{provider}/check")
    api.get("/api/stories/scoring/openai/test")
    desk.post(
        reverse("admin:aiproviders_aikey_changelist"),
        {"action": "check_keys", "_selected_action": [row.pk for row in AIKey.objects.filter(user=None)]},
    )
    fake.listing = listing
    both, root = {"OPENAI_BASE_URL": fake.url, "GROQ_BASE_URL": fake.url}, fake.root

    worker = start_worker("canary", LOG_LEVEL="DEBUG", ANTHROPIC_BASE_URL=root, GEMINI_BASE_URL=root, **both)
    wait_until(lambda: Job.objects.filter(state__in=FINAL).count() == 5, 60)

    assert set(Job.objects.values_list("state", flat=True)) == {"completed"}  # a key that fails is no job that fails
    sent = {request["key"] for request in fake.requests}
    assert sent == {f"sk-{CANARY}-{way}" for way in ("page", "api", "wrong", "admin")}
    assert AIKey.objects.exclude(last_checked_at=None).count() == 4
    said += look_everywhere(desk, api)
    places = [*said, database(), redis_content(), "\n".join(redis_traffic), worker.output(), caplog.text]
    for number, place in enumerate(places):
        assert place
        assert CANARY not in place, number
    assert keys.resolve("openai", user=boss).secret.reveal() == f"sk-{CANARY}-page"
