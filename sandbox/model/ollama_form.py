"""Ollama's HTTP form: https://github.com/ollama/ollama/blob/main/docs/api.md."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request

from sandbox.model.known import MODEL
from sandbox.model.script import Script, as_text
from sandbox.model.wanted import Wanted, tokens, words_of
from sandbox.provider import Reply

NO_MODEL = {"error": "model is required"}
TAG = ":latest"


class OllamaForm:
    """Below `/ollama`; asks for no key."""

    name = "model"

    def __init__(self, script: Script) -> None:
        self._script = script
        self._answers: dict[str, Callable[[dict[str, Any]], Reply]] = {
            "GET /api/tags": _tags,
            "GET /api/version": lambda asked: Reply({"version": "0.6.0"}),
            "POST /api/chat": self._chat,
            "POST /api/generate": self._generate,
        }

    def method(self, request: Request) -> str:
        return f"{request.method} /{request.path_params['path']}"

    async def answer(self, request: Request, body: bytes) -> Reply:
        try:
            asked = json.loads(body) if body else {}
        except ValueError:
            return Reply({"error": "invalid JSON"}, 400)
        return self._answers.get(self.method(request), _nothing_here)(asked)

    def noted(self, request: Request, body: bytes) -> Any:
        try:
            return json.loads(body) if body else None
        except ValueError:
            return f"<{len(body)} bytes>"

    def _chat(self, asked: dict[str, Any]) -> Reply:
        if (refused := _refused(asked)) is not None:
            return refused
        text, everything = words_of(asked.get("messages") or [])
        tools = [tool["function"] for tool in asked.get("tools") or []]
        tool = tools[0]["name"] if tools else None
        form = asked.get("format")
        schema = tools[0].get("parameters", {}) if tools else form if isinstance(form, dict) else None
        wanted = Wanted(asked["model"], text, everything, schema, tool, as_json=form == "json")
        answer = self._script.answer(wanted)
        message: dict[str, Any] = {"role": "assistant", "content": as_text(answer)}
        if tool is not None and not isinstance(answer, str):
            message = {"role": "assistant", "content": "", "tool_calls": [_call(tool, answer)]}
        return _reply(asked, wanted, answer, {"message": message}, {"message": {"role": "assistant", "content": ""}})

    def _generate(self, asked: dict[str, Any]) -> Reply:
        if (refused := _refused(asked)) is not None:
            return refused
        form, prompt = asked.get("format"), str(asked.get("prompt", ""))
        schema = form if isinstance(form, dict) else None
        wanted = Wanted(asked["model"], prompt, prompt, schema, as_json=form == "json")
        answer = self._script.answer(wanted)
        return _reply(asked, wanted, answer, {"response": as_text(answer)}, {"response": ""})


def _tags(asked: dict[str, Any]) -> Reply:
    return Reply({"models": [{"name": name, "model": name, "size": 0, "details": {}} for name in (MODEL + TAG,)]})


def _refused(asked: dict[str, Any]) -> Reply | None:
    """https://github.com/ollama/ollama/blob/main/docs/api.md: what was not pulled is not there."""
    model = asked.get("model")
    if not model:
        return Reply(NO_MODEL, 400)
    if str(model).removesuffix(TAG) != MODEL:
        return Reply({"error": f"model '{model}' not found"}, 404)
    return None


def _nothing_here(asked: dict[str, Any]) -> Reply:
    return Reply({"error": "404 page not found"}, 404)


def _call(tool: str, arguments: Any) -> dict[str, Any]:
    return {"function": {"name": tool, "arguments": arguments}}


def _reply(asked: dict[str, Any], wanted: Wanted, answer: Any, piece: dict[str, Any], nothing: dict[str, Any]) -> Reply:
    """Unless `stream` is false, one line with everything and one that ends it."""
    head = {"model": wanted.model, "created_at": datetime.now(UTC).isoformat().replace("+00:00", "Z")}
    end = {
        "done": True,
        "done_reason": "stop",
        "total_duration": 1_000_000,
        "load_duration": 0,
        "prompt_eval_count": tokens(wanted.everything),
        "prompt_eval_duration": 500_000,
        "eval_count": tokens(as_text(answer)),
        "eval_duration": 500_000,
    }
    if asked.get("stream") is False:
        return Reply({**head, **piece, **end})
    lines = [{**head, **piece, "done": False}, {**head, **nothing, **end}]
    return Reply("".join(json.dumps(line) + "\n" for line in lines).encode(), media_type="application/x-ndjson")
