"""OpenAI's HTTP form: https://platform.openai.com/docs/api-reference/chat."""

import json
import time
from typing import Any
from uuid import uuid4

from starlette.requests import Request

from sandbox.model.known import MODEL, MODEL_KEY
from sandbox.model.openai_refusing import OpenAIRefusal, check
from sandbox.model.script import Script, as_text
from sandbox.model.wanted import Wanted, tokens, words_of
from sandbox.provider import Reply


class OpenAIForm:
    """Below `/llm`; Groq's SDK puts `openai/` before the version, which is taken as well."""

    name = "model"

    def __init__(self, script: Script) -> None:
        self._script = script

    def method(self, request: Request) -> str:
        return f"{request.method} /{_path(request)}"

    async def answer(self, request: Request, body: bytes) -> Reply:
        try:
            _authenticate(request)
            return self._answer(request, body)
        except OpenAIRefusal as refusal:
            return Reply(refusal.body(), refusal.status)

    def noted(self, request: Request, body: bytes) -> Any:
        try:
            return json.loads(body) if body else None
        except ValueError:
            return f"<{len(body)} bytes>"

    def _answer(self, request: Request, body: bytes) -> Reply:
        match request.method, _path(request):
            case "GET", "v1/models":
                rows = [{"id": name, "object": "model", "created": 0, "owned_by": "sandbox"} for name in (MODEL,)]
                return Reply({"object": "list", "data": rows})
            case "POST", "v1/chat/completions":
                return self._complete(_read(body))
        raise OpenAIRefusal(404, f"Invalid URL ({request.method} {request.url.path})")

    def _complete(self, asked: dict[str, Any]) -> Reply:
        wanted = _wanted(asked)
        check(asked, wanted.everything)
        answer = self._script.answer(wanted)
        message: dict[str, Any] = {"role": "assistant", "content": as_text(answer), "refusal": None}
        if (refusal := self._script.refusal(wanted)) is not None:
            message |= {"content": None, "refusal": refusal}
        calls = wanted.tool is not None and not isinstance(answer, str)
        if calls:
            function = {"name": wanted.tool, "arguments": as_text(answer)}
            call = {"id": f"call_{uuid4().hex[:24]}", "type": "function", "function": function}
            message |= {"content": None, "tool_calls": [call]}
        reason = "tool_calls" if calls and asked.get("tool_choice") in (None, "auto") else "stop"
        prompt, said = tokens(wanted.everything), tokens(as_text(answer))
        completion = {
            "id": f"chatcmpl-{uuid4().hex[:29]}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": wanted.model,
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": reason}],
            "usage": {"prompt_tokens": prompt, "completion_tokens": said, "total_tokens": prompt + said},
            "system_fingerprint": None,
        }
        return Reply(_events(completion), media_type="text/event-stream") if asked.get("stream") else Reply(completion)


def _events(completion: dict[str, Any]) -> bytes:
    """The same as server-sent events: one piece with everything, one that ends it."""
    choice = completion["choices"][0]
    delta = dict(choice["message"])
    for place, call in enumerate(delta.get("tool_calls", [])):
        call["index"] = place
    piece = completion | {"object": "chat.completion.chunk", "usage": None}
    first = piece | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    last = piece | {"choices": [{"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}]}
    last["usage"] = completion["usage"]
    return b"".join(f"data: {json.dumps(part)}\n\n".encode() for part in (first, last)) + b"data: [DONE]\n\n"


def _wanted(asked: dict[str, Any]) -> Wanted:
    text, everything = words_of(asked.get("messages") or [])
    form = asked.get("response_format") or {}
    tools = {tool["function"]["name"]: tool["function"] for tool in asked.get("tools") or []}
    choice = asked.get("tool_choice")
    named = choice["function"]["name"] if isinstance(choice, dict) else next(iter(tools), None)
    tool = None if choice == "none" else named
    if tool is not None and tool not in tools:
        raise OpenAIRefusal(400, f"Tool choice '{tool}' not found in 'tools' parameter.", param="tool_choice")
    schema = tools[tool].get("parameters", {}) if tool else (form.get("json_schema") or {}).get("schema")
    model = str(asked.get("model", ""))
    return Wanted(model, text, everything, schema, tool, as_json=form.get("type") == "json_object")


def _path(request: Request) -> str:
    return str(request.path_params["path"]).removeprefix("openai/").rstrip("/")


def _read(body: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(body)
    except ValueError as error:
        text = "We could not parse the JSON body of your request."
        raise OpenAIRefusal(400, text) from error
    if not isinstance(asked, dict):
        raise OpenAIRefusal(400, "The body must be a JSON object.")
    return asked


def _authenticate(request: Request) -> None:
    """https://platform.openai.com/docs/guides/error-codes#api-errors."""
    key = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    if not key:
        raise OpenAIRefusal(401, "You didn't provide an API key.")
    if key != MODEL_KEY:
        raise OpenAIRefusal(401, f"Incorrect API key provided: {key[:4]}***.", code="invalid_api_key")
