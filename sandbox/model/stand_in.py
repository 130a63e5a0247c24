"""The model among the sandbox's stand-ins, and the script that a person or a test writes for it."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.core import Sandbox
from sandbox.model.ollama_form import OllamaForm
from sandbox.model.openai_form import OpenAIForm
from sandbox.model.script import Line, Script
from sandbox.provider import Provider
from sandbox.reading import Refused, read_json, text


class ModelStandIn:
    def __init__(self, sandbox: Sandbox) -> None:
        self._script = Script()

    @property
    def mounts(self) -> Mapping[str, Provider]:
        return {"/llm": OpenAIForm(self._script), "/ollama": OllamaForm(self._script)}

    def control_routes(self) -> Sequence[BaseRoute]:
        return [Route("/control/model/script", self._write, methods=["GET", "POST", "DELETE"])]

    def reset(self) -> None:
        self._script.clear()

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        return None

    async def _write(self, request: Request) -> Response:
        """`match` is a part of what the user says; missing, the answer is for everything."""
        if request.method == "DELETE":
            self._script.clear()
        if request.method == "POST":
            asked = await read_json(request)
            if "answer" not in asked:
                raise Refused("'answer' is missing")
            self._script.add(Line(text(asked, "match", ""), asked["answer"], refuses=bool(asked.get("refuses"))))
        return JSONResponse({"script": [vars(line) for line in self._script.lines()]})
