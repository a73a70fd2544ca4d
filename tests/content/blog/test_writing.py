"""One post from a record: by a model under the eyes of the check, or by the template."""

import copy
import json

import pytest
from django.db import transaction

from aiproviders.errors import ProviderError
from aiproviders.models import AICall
from content.blog import prompts, services, template
from content.blog.models import Post
from content.blog.states import Generator
from content.blog.writing import TEMPLATE, write_post
from queues.errors import Cancelled
from queues.models import Job
from queues.running import RunningJob
from tests.content.blog.builders import GOOD, skyfall
from tests.factories import claimed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
HONEST = json.dumps(GOOD)


def lying(*, sentence: str = "It won 7 prizes, said Steven Spielberg.") -> str:
    post = copy.deepcopy(GOOD)
    post["sections"][0]["text"] += f" {sentence}"
    return json.dumps(post)


@pytest.fixture
def says(openai, settings):
    """Lets the house's model answer with these texts, one after another."""
    settings.AI_MODEL = "openai/judge"

    def answer(*texts: str) -> None:
        openai.says["judge"] = list(texts)

    return answer


def write(job: RunningJob, **options):
    return write_post(**{"title": skyfall(), "user": None, "model": None, "job": job} | options)


def lines(job: RunningJob) -> str:
    return "\n".join(event.message for event in job.job.events.order_by("pk"))


def asked(openai) -> list[str]:
    return [json.dumps(request["body"], ensure_ascii=False) for request in openai.requests]


def test_an_honest_text_passes_at_the_first_try(says, openai, job):
    says(HONEST)
    draft = write(job)
    assert (draft.passed, draft.generator, draft.provider, draft.model) == (True, Generator.AI, "openai", "judge")
    assert (draft.seo_title, draft.prompt_version) == (GOOD["seoTitle"], prompts.VERSION)
    assert draft.markdown.startswith("## A thriller of the year 2012\n\nSkyfall is a film")
    assert len(openai.requests) == 1
    call = AICall.objects.get()
    assert (call.job_id, call.purpose, call.outcome) == (job.id, "default post", "ok")


def test_the_record_is_data_between_marks(says, openai, job):
    says(HONEST)
    write(job)
    assert "<source-" in asked(openai)[0] and "Directed by: Sam Mendes" in asked(openai)[0]


def test_broken_rules_are_told_to_the_model_and_the_next_honest_text_is_taken(says, openai, job):
    says(lying(), HONEST)
    assert write(job).passed
    first, second = asked(openai)
    assert "refused" not in first
    assert "Steven Spielberg" in second and "The catalogue does not have: 7." in second
    assert "Try 1 of 3 broke a rule" in lines(job)


def test_an_attempt_after_a_crash_says_nothing_again_of_the_tries_before_it(says, openai, job):
    says(lying(), lying(sentence="It won 9 prizes, said Steven Spielberg."), HONEST)
    assert write(job).passed and write(job).passed
    told = lines(job)
    assert told.count("Try 1 of 3 broke a rule") == told.count("Try 2 of 3 broke a rule") == 1
    assert len(openai.requests) == 3


def test_after_three_tries_the_best_is_kept_with_what_is_wrong_and_never_published(says, openai, job):
    says(lying(sentence="It won 7 prizes, and Steven Spielberg was glad."), lying(sentence="It won 7 prizes."), lying())
    draft = write(job)
    assert len(openai.requests) == 3
    assert not draft.passed and "It won 7 prizes." in draft.markdown and "Spielberg" not in draft.markdown
    post = services.save_post(title=skyfall(), draft=draft, publish=True)
    assert (post.state, post.published_at) == ("draft", None)
    assert [rule["name"] for rule in post.current.failed_rules] == ["numbers"]


def test_the_template_steps_in_where_the_caller_allows(says, openai, job):
    says(lying())
    draft = write(job, template_allowed=True)
    assert (draft.passed, draft.generator, draft.model) == (True, Generator.TEMPLATE, template.VERSION)
    assert len(openai.requests) == 3
    assert "the post is the template's" in lines(job)


def test_an_attempt_after_a_crash_asks_only_for_what_is_missing(says, openai, job):
    says(lying(), "not JSON")
    with pytest.raises(ProviderError) as caught:
        write(job)
    assert caught.value.kind == "malformed"
    before = len(openai.requests)
    Job.objects.filter(pk=job.id).update(state="waiting")
    again = RunningJob(claimed(Job.objects.get(pk=job.id)))
    openai.says["judge"] = [HONEST]
    assert write(again).passed
    assert len(openai.requests) == before + 1


@pytest.mark.parametrize("model", ["status-500", "status-429", "not-json"])
def test_a_provider_that_fails_for_now_is_left_to_the_queue(openai, settings, job, model):
    settings.AI_MODEL = f"openai/{model}"
    if model == "not-json":
        openai.says[model] = "none"
    with pytest.raises(ProviderError) as caught:
        write(job, template_allowed=True)
    assert not caught.value.permanent
    assert Post.objects.count() == 0


def test_a_provider_that_refuses_for_good_leads_to_the_template_only_where_allowed(openai, settings, job):
    settings.AI_MODEL = "openai/status-401"
    with pytest.raises(ProviderError) as caught:
        write(job)
    assert caught.value.permanent
    assert write(job, template_allowed=True).generator == Generator.TEMPLATE


def test_without_any_model_the_template_writes_and_says_so(settings, job, openai):
    settings.AI_MODEL = "extract/1"
    draft = write(job)
    assert (draft.generator, draft.provider, draft.passed) == (Generator.TEMPLATE, "", True)
    assert openai.requests == [] and AICall.objects.count() == 0
    assert "No language model is configured" in lines(job)


def test_the_template_can_be_asked_for(says, openai, job):
    says(HONEST)
    assert write(job, model=TEMPLATE).generator == Generator.TEMPLATE
    assert openai.requests == []


def test_the_users_own_model_writes(openai, settings, job, ada):
    from aiproviders.models.settings import AISettings

    settings.AI_MODEL = "extract/1"
    AISettings.objects.create(user=ada, preferred_model="openai/hers")
    openai.says["hers"] = HONEST
    assert write(job, user=ada).model == "hers"


@pytest.mark.parametrize("model", [None, "local/judge"])
def test_the_demo_model_is_not_asked_because_it_invents(fake, settings, job, model):
    settings.AI_MODEL, settings.LOCAL_LLM_URL, settings.LOCAL_LLM_KEY = "local/judge", fake.url, "k-canary-1"
    assert write(job, model=model).generator == Generator.TEMPLATE
    assert fake.requests == []
    assert "The built-in demo model invents facts" in lines(job)


def test_a_local_model_of_ones_own_is_asked(fake, settings, job):
    settings.AI_MODEL, settings.LOCAL_LLM_URL, settings.LOCAL_LLM_KEY = "local/judge", fake.url, "k-canary-1"
    settings.LOCAL_MODEL_PATH = "/models/own.gguf"
    fake.says["judge"] = HONEST
    draft = write(job)
    assert (draft.passed, draft.provider) == (True, "local")


def test_what_the_answer_hides_is_taken_out(says, job):
    post = copy.deepcopy(GOOD)
    post["title"] += "\u202e\u0000"
    post["sections"][0]["heading"] = "# A thriller\u200b of the\nyear 2012"
    says(json.dumps(post))
    draft = write(job)
    assert draft.title == GOOD["title"]
    assert draft.markdown.startswith("## A thriller of the year 2012\n\n")


def test_a_job_that_is_to_stop_asks_nobody(says, openai, job):
    says(HONEST)
    Job.objects.filter(pk=job.id).update(cancel_requested=True)
    with pytest.raises(Cancelled):
        write(job)
    assert openai.requests == []


def test_inside_a_transaction_nothing_is_asked(says, openai, job):
    says(HONEST)
    with transaction.atomic(), pytest.raises(RuntimeError):
        write(job)
    assert openai.requests == []
