"""Google's Gemini by its current SDK, google-genai."""

from functools import cache
from typing import Any

from aiproviders.backends import gemini
from aiproviders.backends.exchange import PLACEHOLDER, Backend
from aiproviders.backends.lane import tls_settings
from aiproviders.base import Prompt


class Google(Backend):
    """Asks the SDK for the raw answer, which spares its models' cost."""

    key_header = "x-goog-api-key: {}"
    read = staticmethod(gemini.read)
    read_models = staticmethod(gemini.read_models)

    def sdk(self, http: Any) -> Any:
        from google import genai

        options = genai.types.HttpOptions(
            base_url=self.endpoint.base_url,
            api_version="v1beta",  # the SDK's default has no JSON schemas, and would be read from the environment
            httpx_client=http,
            # Never used, but without them the SDK loads certificates three times for each client: 70 ms.
            httpx_async_client=_unused(),
            async_client_args={"ssl": tls_settings()},
        )
        genai.types.GenerateContentConfig(system_instruction="")  # 0.4 s the first time: not on the clock
        return genai.Client(api_key=PLACEHOLDER, vertexai=False, http_options=options)

    def ask(self, sdk: Any, prompt: Prompt, model: str, schema: dict | None, max_tokens: int) -> None:
        config: dict[str, Any] = {
            "system_instruction": prompt.system or None,
            "max_output_tokens": max_tokens,
            "should_return_http_response": True,
            "automatic_function_calling": {"disable": True},  # or it says at every call that it could
        }
        if schema is not None:
            config |= {"response_mime_type": "application/json", "response_json_schema": schema}
        sdk.models.generate_content(model=model, contents=prompt.user_message(), config=config)

    def ask_models(self, sdk: Any) -> None:
        sdk.models.list(config={"page_size": gemini.MOST_LISTED})


@cache
def _unused() -> Any:
    import httpx2

    return httpx2.AsyncClient(verify=tls_settings(), trust_env=False)
