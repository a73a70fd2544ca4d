import pytest

from aiproviders import compatible, registry
from aiproviders.base import Prompt
from tests.fakeprovider import FakeProvider, dialects

KEY = "sk-canary-7f3a91c0"
PROMPT = Prompt(system="You write plainly.", text="Write about 60 words.", source="Compost needs air and water.")
# How the settings point each provider that speaks HTTP at a server.
SETTINGS = {
    "openai": {"address": "OPENAI_BASE_URL", "key": "OPENAI_API_KEY"},
    "anthropic": {"address": "ANTHROPIC_BASE_URL", "key": "ANTHROPIC_API_KEY"},
    "google": {"address": "GEMINI_BASE_URL", "key": "GEMINI_API_KEY"},
    "google-legacy": {"address": "GEMINI_BASE_URL", "key": "GEMINI_API_KEY"},
    "groq": {"address": "GROQ_BASE_URL", "key": "GROQ_API_KEY"},
    "xai": {"address": "GROK_BASE_URL", "key": "GROK_API_KEY"},
    "local": {"address": "LOCAL_LLM_URL", "key": "LOCAL_LLM_KEY"},
}
ROUTER = "router"  # a server of the staff's own
PROVIDERS = sorted({*SETTINGS, ROUTER})
DIALECTS = {"anthropic": dialects.Anthropic, "google": dialects.Gemini, "google-legacy": dialects.Gemini}


@pytest.fixture(scope="session")
def fake_servers():
    with FakeProvider() as one, FakeProvider() as other:
        yield one, other


@pytest.fixture
def fake(fake_servers) -> FakeProvider:
    fake_servers[0].forget()
    return fake_servers[0]


@pytest.fixture
def other_fake(fake_servers) -> FakeProvider:
    fake_servers[1].forget()
    return fake_servers[1]


@pytest.fixture(params=sorted(SETTINGS))
def http_provider(request, settings, fake) -> str:
    """The name of a provider, pointed at the fake server, with the canary as its key."""
    point(settings, request.param, address(fake, request.param), KEY)
    return request.param


@pytest.fixture
def openai(settings, fake) -> FakeProvider:
    """The fake server, with the provider "openai" pointed at it."""
    point(settings, "openai", fake.url, KEY)
    return fake


@pytest.fixture
def router(monkeypatch, fake) -> dict[str, str]:
    """A server of the staff's own that demands a key: known here, and what tells a worker of it."""
    lines = [f"{ROUTER}={fake.url};key"]
    monkeypatch.setitem(registry.PROVIDERS, ROUTER, registry.table(compatible.servers(lines))[ROUTER])
    return {"OPENAI_COMPATIBLE": lines[0]}


def address(server: FakeProvider, provider: str) -> str:
    """The base URL of `provider` at the fake server."""
    return server.root if provider in DIALECTS else server.url


def point(settings, provider: str, url: str, key: str) -> None:
    setattr(settings, SETTINGS[provider]["address"], url)
    setattr(settings, SETTINGS[provider]["key"], key)
