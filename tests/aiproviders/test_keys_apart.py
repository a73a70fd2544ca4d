"""Two users' keys at the same time: the server's journal knows whose request came with whose key."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from aiproviders import registry
from aiproviders.base import Prompt
from aiproviders.secret import Secret
from tests.aiproviders.conftest import PROVIDERS, SETTINGS, address, point

THREADS, CALLS = 8, 100


@pytest.mark.parametrize("provider", PROVIDERS)
def test_no_request_of_a_user_carries_another_ones_key(fake, settings, router, provider):
    if provider in SETTINGS:
        point(settings, provider, address(fake, provider), "sk-of-the-house")
    together = threading.Barrier(THREADS)

    def work(thread: int) -> set[str]:
        together.wait()
        return {ask(provider, user=(thread + call) % 2) for call in range(CALLS)}

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(work, range(THREADS)))

    told = {("user-0" in str(request["body"]), request["key"]) for request in fake.requests}
    assert told == {(True, "sk-of-user-0"), (False, "sk-of-user-1")}
    assert len(fake.requests) == THREADS * CALLS
    assert all(seen == {"user-0", "user-1"} for seen in answers)


def ask(provider: str, *, user: int) -> str:
    """Whose text the answer is: the fake's prose mentions what stands in quotation marks."""
    prompt = Prompt(system="", text=f'Write about 60 words on "user-{user} here".')
    backend = registry.provider(provider, key=Secret(f"sk-of-user-{user}"))
    text = backend.complete(prompt, model="ok", schema=None, deadline=60, max_tokens=500).text
    mentioned = {f"user-{other}" for other in (0, 1) if f"user-{other}" in text}
    return mentioned.pop() if len(mentioned) == 1 else f"user-{user} got {mentioned}"
