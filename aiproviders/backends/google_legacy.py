"""Google's Gemini by google-generativeai, which is at its end of life: for those who insist on it.

Its documented way to set a key, configure(), is one key for the whole process. Here each connection has a service
client of its own, and the HTTP is done by the lane: `requests` would follow redirects, and no deadline could end it.
"""

import io
import warnings
from functools import cache
from typing import Any, NamedTuple

from aiproviders.backends import gemini
from aiproviders.backends.exchange import PLACEHOLDER, Backend
from aiproviders.base import Prompt

# What the old schema type knows; anything else is an error of the SDK. The answer is checked against the whole schema.
KNOWN = ("type", "description", "enum", "format", "nullable", "items", "properties", "required")
ONCE = {"retry": None, "timeout": None}  # its own retries send 196 requests in ten minutes


class _Clients(NamedTuple):
    texts: Any
    models: Any


class GoogleLegacy(Backend):
    """Service clients made for one connection, so for one key."""

    key_header = "x-goog-api-key: {}"
    read = staticmethod(gemini.read)
    read_models = staticmethod(gemini.read_models)

    def sdk(self, http: Any) -> _Clients:
        _silence()
        import google.generativeai  # noqa: F401  imports for long: now, and not when the clock runs
        from google.ai import generativelanguage_v1beta as service
        from google.api_core.client_options import ClientOptions

        options = ClientOptions(api_key=PLACEHOLDER, api_endpoint=self.endpoint.base_url)
        clients = _Clients(
            texts=service.GenerativeServiceClient(transport="rest", client_options=options),
            models=service.ModelServiceClient(transport="rest", client_options=options),
        )
        for client in clients:
            for scheme in ("https://", "http://"):
                client.transport._session.mount(scheme, _adapter()(http))
        return clients

    def ask(self, sdk: _Clients, prompt: Prompt, model: str, schema: dict | None, max_tokens: int) -> None:
        from google import generativeai

        config: dict[str, Any] = {"max_output_tokens": max_tokens}
        if schema is not None:
            config |= {"response_mime_type": "application/json", "response_schema": _subset(schema)}
        asked = generativeai.GenerativeModel(model, system_instruction=prompt.system or None)
        asked._client = sdk.texts  # what its maintainers advise for more than one key
        asked.generate_content(prompt.user_message(), generation_config=config, request_options=dict(ONCE))

    def ask_models(self, sdk: _Clients) -> None:
        sdk.models.list_models({"page_size": gemini.MOST_LISTED}, **ONCE)


def _silence() -> None:
    """Its import announces its end of life, and that of Python 3.11: an error where warnings are."""
    for words in (r"\s*All support for the", "You are using a Python version"):
        warnings.filterwarnings("ignore", category=FutureWarning, message=words)


@cache
def _adapter() -> Any:
    import requests

    class Adapter(requests.adapters.BaseAdapter):
        """How `requests` sends through a lane."""

        def __init__(self, http: Any) -> None:
            super().__init__()
            self.http = http

        def send(self, request: Any, **_: Any) -> Any:
            answer = self.http.request(request.method, request.url, content=request.body, headers=dict(request.headers))
            made = requests.Response()
            made.url, made.request = request.url, request
            # The lane has the true status. A 401 would be sent three times, with the same key, and a 307 followed.
            made.status_code = 200 if answer.status_code == 200 else 400
            made.headers = requests.structures.CaseInsensitiveDict(answer.headers)
            made.headers.pop("content-encoding", None)  # undone already
            made.raw = io.BytesIO(answer.content)
            return made

        def close(self) -> None:
            """The lane's business."""

    return Adapter


def _subset(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return schema
    kept = {name: _subset(part) for name, part in schema.items() if name in KNOWN}
    if "properties" in kept:
        kept["properties"] = {name: _subset(part) for name, part in schema["properties"].items()}
    return kept
