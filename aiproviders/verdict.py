"""Is a reply a whole answer? The same rule for every provider."""

import json
import re

from aiproviders.base import Reply
from aiproviders.errors import ProviderError

UNFINISHED = {
    "length": ("truncated", "the text was cut off at the token limit"),
    "content_filter": ("content_filter", "the provider's filter withheld the text"),
    "refusal": ("refusal", "the model refused to write this"),
}

FENCE = re.compile(r"```[a-z]*\n(.*)\n```", re.DOTALL | re.IGNORECASE)  # chatty models wrap even what must be JSON


def data_of(reply: Reply, *, schema: dict | None, provider: str) -> dict | None:
    """The answer's data, None without a `schema`; raises ProviderError unless the reply is finished and fits."""
    if reply.finish in UNFINISHED:
        kind, message = UNFINISHED[reply.finish]
        raise ProviderError(kind, message, provider=provider)
    if not reply.text.strip():
        raise ProviderError("empty", "the answer has no text", provider=provider)
    if schema is None:
        return None
    data, fault = _parse(reply.text, schema)
    if fault:
        raise ProviderError("malformed", fault, provider=provider)
    return data


def _parse(text: str, schema: dict) -> tuple[dict | None, str]:
    import jsonschema

    fenced = FENCE.fullmatch(text.strip())
    try:
        data = json.loads(fenced[1] if fenced else text)
        jsonschema.validate(data, schema)
    except (ValueError, RecursionError):
        return None, "the answer is not JSON"
    except jsonschema.ValidationError as error:
        return None, f"the answer does not fit the schema at {error.json_path}"
    return data, ""
