"""Three wire formats: how a request is read and an answer written in each."""

import copy
import json
import re
from urllib.parse import unquote, urlsplit

IN_WORDS = "JSON schema:\n"


class Dialect:
    """One request in one wire format. `BROKEN` names answers that are no answers, besides those of `faults`."""

    BROKEN: dict = {}

    def __init__(self, path: str, headers, body: dict | None) -> None:
        self.path, self.headers, self.body = path, headers, body

    def key(self) -> str:
        return (self.headers.get("authorization") or "").removeprefix("Bearer ")

    def model(self) -> str:
        return str((self.body or {}).get("model"))

    def prompt(self) -> str:
        raise NotImplementedError

    def broken(self, name: str, answer: dict) -> dict:
        answer = copy.deepcopy(answer)
        self.BROKEN[name](answer)
        return answer

    def in_words(self) -> dict | None:
        """The schema that a prompt shows to a model which takes none."""
        _, found, rest = self.prompt().partition(IN_WORDS)
        return json.JSONDecoder().raw_decode(rest)[0] if found else None


class OpenAI(Dialect):
    BROKEN = {
        "no-choices": lambda a: a.update(choices=[]),
        "choices-text": lambda a: a.update(choices="none"),
        "no-message": lambda a: a["choices"][0].pop("message"),
        "message-text": lambda a: a["choices"][0].update(message="hello"),
        "content-list": lambda a: a["choices"][0]["message"].update(content=[{"type": "text", "text": "hello"}]),
        "finish-missing": lambda a: a["choices"][0].update(finish_reason=None),
        "finish-tools": lambda a: a["choices"][0].update(finish_reason="tool_calls"),
    }

    def prompt(self) -> str:
        return "\n".join(str(message["content"]) for message in self.body["messages"])

    def most_tokens(self) -> int:
        return self.body.get("max_completion_tokens") or self.body.get("max_tokens") or 2048

    def schema(self) -> dict | None:
        return self.body.get("response_format", {}).get("json_schema", {}).get("schema") or self.in_words()

    def completion(self, text, finish, usage="counted", thought_tokens=0, answered_by=None) -> dict:
        refused = finish == "refusal"
        message = {"content": None, "refusal": "I will not write that."} if refused else {"content": text or None}
        used, written = len(self.prompt().split()), len(text.split()) + thought_tokens
        counted = {"prompt_tokens": used, "completion_tokens": written, "total_tokens": used + written}
        counted["prompt_tokens_details"] = {"cached_tokens": used // 2}
        return {
            "id": "chatcmpl-fake",
            "object": "chat.completion",
            "created": 1,
            "model": answered_by or self.model(),
            "choices": [
                {
                    "index": 0,
                    "finish_reason": "stop" if refused else finish,
                    "message": {"role": "assistant", **message},
                }
            ],
            "usage": counted if usage == "counted" else usage,
        }

    def error(self, status, code, message, details) -> dict:
        return {"error": {"message": message, "type": code, "code": code, "details": details}}

    def models(self) -> dict:
        line = {"object": "model", "created": 1, "owned_by": "fake"}
        return {
            "object": "list",
            "data": [
                {**line, "id": "gpt-6-luna", "shutdown_date": None},
                {**line, "id": "gpt-4o", "shutdown_date": "2027-01-14", "context_window": 131072},
            ],
        }


class Anthropic(Dialect):
    FINISHES = {"stop": "end_turn", "length": "max_tokens", "content_filter": "refusal"}
    BROKEN = {
        "no-content": lambda a: a.pop("content"),
        "content-text": lambda a: a.update(content="hello"),
        "block-text": lambda a: a.update(content=["hello"]),
        "block-empty": lambda a: a.update(content=[{"type": "text"}]),
        "block-list": lambda a: a.update(content=[{"type": "text", "text": ["hello"]}]),
        "finish-missing": lambda a: a.update(stop_reason=None),
        "finish-tools": lambda a: a.update(stop_reason="tool_use"),
    }

    def prompt(self) -> str:
        return "\n".join([self.body.get("system") or "", *(str(m["content"]) for m in self.body["messages"])])

    def most_tokens(self) -> int:
        return self.body["max_tokens"]

    def schema(self) -> dict | None:
        return self.body.get("output_config", {}).get("format", {}).get("schema")

    def completion(self, text, finish, usage="counted", thought_tokens=0, answered_by=None) -> dict:
        used, written = len(self.prompt().split()), len(text.split()) + thought_tokens
        cached = used // 2
        counted = {"input_tokens": used - cached - 1, "cache_read_input_tokens": cached, "output_tokens": written}
        counted["cache_creation_input_tokens"] = 1
        thoughts = [{"type": "thinking", "thinking": "Let me see.", "signature": "x"}] if thought_tokens else []
        return {
            "id": "msg_fake",
            "type": "message",
            "role": "assistant",
            "model": answered_by or self.model(),
            "content": [*thoughts, *([{"type": "text", "text": text}] if text else [])],
            "stop_reason": self.FINISHES.get(finish, finish),
            "usage": counted if usage == "counted" else usage,
        }

    def error(self, status, code, message, details) -> dict:
        return {"type": "error", "error": {"type": code, "message": message, "details": details}}

    def models(self) -> dict:
        line = {"type": "model", "display_name": "Fake", "created_at": "2026-01-01T00:00:00Z", "max_tokens": 64000}
        return {
            "data": [
                {**line, "id": "claude-haiku-5-5", "max_input_tokens": 200000, "retires_at": None},
                {**line, "id": "claude-sonnet-4-5", "lifecycle": "deprecated", "retires_at": "2026-11-30T00:00:00Z"},
            ],
            "has_more": False,
        }


class Gemini(Dialect):
    FINISHES = {"stop": "STOP", "length": "MAX_TOKENS", "content_filter": "SAFETY", "refusal": "PROHIBITED_CONTENT"}
    BROKEN = {
        "no-candidates": lambda a: a.update(candidates=[]),
        "candidates-text": lambda a: a.update(candidates="none"),
        "candidate-text": lambda a: a.update(candidates=["hello"]),
        "parts-text": lambda a: a["candidates"][0].update(content={"parts": ["hello"]}),
        "part-list": lambda a: a["candidates"][0].update(content={"parts": [{"text": ["hello"]}]}),
        "finish-missing": lambda a: a["candidates"][0].pop("finishReason"),
        "finish-tools": lambda a: a["candidates"][0].update(finishReason="MALFORMED_FUNCTION_CALL"),
    }

    def key(self) -> str:
        return self.headers.get("x-goog-api-key") or ""

    def model(self) -> str:
        found = re.search(r"/models/(.+):generateContent", unquote(self.path))
        return found[1] if found else "None"

    def prompt(self) -> str:
        turns = [self.body.get("systemInstruction") or {}, *self.body["contents"]]
        return "\n".join(part["text"] for turn in turns for part in turn.get("parts", []))

    def _config(self) -> dict:
        return self.body.get("generationConfig") or {}

    def most_tokens(self) -> int:
        return self._config().get("maxOutputTokens") or 2048

    def schema(self) -> dict | None:
        old = json.dumps(self._config().get("responseSchema") or {})  # types in capitals, or numbers
        names = dict(enumerate(("string", "number", "integer", "boolean", "array", "object"), 1))
        plain = re.sub(
            r'"type": ("[A-Z]+"|\d+)', lambda m: f'"type": "{names.get(m[1]) or m[1].strip(chr(34)).lower()}"', old
        )
        for number, name in names.items():
            plain = plain.replace(f'"type": "{number}"', f'"type": "{name}"')
        return self._config().get("responseJsonSchema") or json.loads(plain) or None

    def completion(self, text, finish, usage="counted", thought_tokens=0, answered_by=None) -> dict:
        used, written = len(self.prompt().split()), len(text.split())
        counted = {"promptTokenCount": used, "candidatesTokenCount": written, "cachedContentTokenCount": used // 2}
        counted |= {"thoughtsTokenCount": thought_tokens, "totalTokenCount": used + written + thought_tokens}
        thoughts = [{"text": "Let me see.", "thought": True}] if thought_tokens else []
        content = {"role": "model", "parts": [*thoughts, {"text": text}]} if text else {"role": "model"}
        candidate = {"index": 0, "content": content, "finishReason": self.FINISHES.get(finish, finish)}
        return {
            "candidates": [candidate],
            "modelVersion": answered_by or self.model(),
            "usageMetadata": counted if usage == "counted" else usage,
        }

    def error(self, status, code, message, details) -> dict:
        reason = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": code}
        return {"error": {"code": status, "message": message, "status": code.upper(), "details": [reason, *details]}}

    def models(self) -> dict:
        line = {"version": "1", "inputTokenLimit": 1048576, "supportedGenerationMethods": ["generateContent"]}
        return {
            "models": [
                {**line, "name": "models/gemini-3.5-flash-lite"},
                {**line, "name": "models/text-embedding-9", "supportedGenerationMethods": ["embedContent"]},
            ]
        }


def dialect_of(path: str, headers, body: dict | None) -> Dialect | None:
    """The wire format of this request by its path; None for a path no provider has."""
    way = urlsplit(path).path
    if way.startswith("/v1beta/models") and (body is None or ":generateContent" in way):
        return Gemini(path, headers, body)
    if way == "/v1/messages" or (way == "/v1/models" and headers.get("anthropic-version")):
        return Anthropic(path, headers, body)
    if way.endswith("/chat/completions") or way.endswith("/models"):
        return OpenAI(path, headers, body)
    return None
