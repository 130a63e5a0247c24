"""What OpenAI's and Ollama's interfaces refuse."""

from typing import Any

import httpx
import ollama
import openai
from langchain_ollama import ChatOllama
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from tests.integration.sandbox.refusals.case import Case, Send, World

CODES = "https://platform.openai.com/docs/guides/error-codes#api-errors"
CHAT = "https://platform.openai.com/docs/api-reference/chat/create"
STRICT = "https://platform.openai.com/docs/guides/structured-outputs#supported-schemas"
OLLAMA = "https://github.com/ollama/ollama/blob/main/docs/api.md"
HELLO = [{"role": "user", "content": "hello"}]


def said(error: openai.APIStatusError) -> str:
    return f"{error.status_code} {error.code or error.param}"


def complete(**changed: Any) -> Send:
    """A request that would be fine but for what is changed."""
    asked: dict[str, Any] = {"model": "sandbox", "messages": HELLO}

    def ask(world: World) -> str:
        url = f"{world.sandbox.address}/llm/v1"
        with openai.OpenAI(base_url=url, api_key="sandbox-model-key", max_retries=0) as own:
            try:
                own.chat.completions.create(**asked | changed)
            except openai.APIStatusError as error:
                return said(error)
        return "ok"

    return ask


def langchain(key: str) -> Send:
    def ask(world: World) -> str:
        url = f"{world.sandbox.address}/llm/v1"
        try:
            ChatOpenAI(model="sandbox", base_url=url, api_key=SecretStr(key), max_retries=0).invoke("hello")
        except openai.APIStatusError as error:
            return said(error)
        return "ok"

    return ask


def without_key(world: World) -> str:
    url = f"{world.sandbox.address}/llm/v1/chat/completions"
    return str(httpx.post(url, json={"model": "sandbox", "messages": HELLO}, trust_env=False).status_code)


def ollamas(model: str) -> Send:
    def ask(world: World) -> str:
        chat = ChatOllama(model=model, base_url=f"{world.sandbox.address}/ollama")
        try:
            chat.invoke("hello")
        except ollama.ResponseError as error:
            return f"{error.status_code} {error.error}"
        finally:
            chat._client.close()  # type: ignore[no-untyped-call]  # The SDK has types only in part.
        return "ok"

    return ask


def schema(**described: Any) -> dict[str, Any]:
    inside = {"name": "answer", "strict": True, "schema": {"type": "object", **described}}
    return {"type": "json_schema", "json_schema": inside}


CASES = [
    Case("no credentials", "no key", without_key, "401", CODES),
    Case("wrong credentials for a model", "another key", langchain("other"), "401 invalid_api_key", CODES),
    Case("no such model", "of OpenAI's", complete(model="gpt-0"), "404 model_not_found", CODES),
    Case("no such model", "of Ollama's", ollamas("llama0"), "404 model 'llama0' not found", OLLAMA),
    Case("nothing to answer", "no messages", complete(messages=[]), "400 missing_required_parameter", CHAT),
    Case("form of an answer", "JSON without the word", complete(response_format={"type": "json_object"}),
         "400 messages", CHAT),
    Case("form of an answer", "an open object", complete(response_format=schema(properties={}, required=[])),
         "400 response_format", STRICT),
    Case("form of an answer", "a key that may be missing",
         complete(response_format=schema(additionalProperties=False, properties={"a": {}}, required=[])),
         "400 response_format", STRICT),
    Case("tool", "one that was not described",
         complete(tools=[{"type": "function", "function": {"name": "a", "parameters": {}}}],
                  tool_choice={"type": "function", "function": {"name": "b"}}), "400 tool_choice", CHAT),
]  # fmt: skip
