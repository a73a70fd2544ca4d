"""The test double itself: other tests build on these manners."""

import json
import subprocess
import sys
import urllib.request

from aiproviders.attempt import attempt
from aiproviders.choice import choose
from tests.aiproviders.conftest import PROMPT
from tests.fakeprose import prose


def outcomes(model: str, times: int) -> list[str]:
    return [attempt(choose(f"openai/{model}"), PROMPT).outcome for _ in range(times)]


def test_it_fails_as_often_as_told_and_then_works(openai):
    assert outcomes("fail-2-times", 3) == ["overloaded", "overloaded", "ok"]
    assert outcomes("fail-1-times-retry-after-7", 2) == ["rate_limit", "ok"]
    assert outcomes("ok-slow-20", 1) == ["ok"]


def test_its_prose_is_the_same_for_the_same_prompt_only():
    assert prose("one", 80) == prose("one", 80) != prose("two", 80)


def test_its_prose_has_the_asked_length_mentions_what_is_quoted_and_does_not_go_in_circles():
    text = prose('Write about "compost bin".', 900)
    words = text.split()
    sixes = [tuple(words[i : i + 6]) for i in range(len(words) - 5)]

    assert 900 <= len(words) < 930
    assert text.count("compost bin") >= 5
    assert len(set(sixes)) / len(sixes) > 0.97


def test_it_runs_on_its_own_for_processes_outside_the_tests():
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fakeprovider", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        url = process.stdout.readline().strip()
        body = json.dumps({"model": "ok", "messages": [{"role": "user", "content": "Write 20 words."}]}).encode()
        answer = json.load(urllib.request.urlopen(urllib.request.Request(f"{url}/chat/completions", body)))
        journal = json.load(urllib.request.urlopen(f"{url}/journal"))
    finally:
        process.kill()
        process.communicate()

    assert len(answer["choices"][0]["message"]["content"].split()) >= 20
    assert [request["model"] for request in journal] == ["ok"]
